"""First floor of the stand-in: which OAuth scope a method wants (docs.slack.dev method pages). Pure.

A method lists alternatives: any one of them is enough. Methods that read a conversation want the scope of its kind.
"""

SCOPES: dict[str, tuple[str, ...]] = {
    "apps.connections.open": ("connections:write",),  # the app-level token's scope
    "auth.test": (),
    "blocks.validate": (),
    "bots.info": ("users:read",),
    "chat.delete": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.join": ("channels:join",),
    "conversations.list": ("channels:read", "groups:read", "im:read"),
    "conversations.open": ("im:write", "mpim:write"),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "reactions.add": ("reactions:write",),
    "reactions.get": ("reactions:read",),
    "reactions.remove": ("reactions:write",),
    "team.info": ("team:read",),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.conversations": ("channels:read", "groups:read", "im:read"),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}

BY_KIND: dict[str, str] = {
    "conversations.history": "history",
    "conversations.info": "read",
    "conversations.members": "read",
    "conversations.replies": "history",
}
_FAMILY = {"channel": "channels", "group": "groups", "im": "im"}


def needed(method: str, channel_kind: str) -> tuple[str, ...]:
    """The scopes of which one is enough for this call; empty when none is wanted."""
    if method in BY_KIND:
        return (f"{_FAMILY[channel_kind]}:{BY_KIND[method]}",)
    return SCOPES[method]


def missing(method: str, channel_kind: str, held: frozenset[str]) -> str | None:
    """The scope to ask for, as Slack's `needed` field says it, or None when the call is allowed."""
    wanted = needed(method, channel_kind)
    if not wanted or held.intersection(wanted):
        return None
    return ",".join(wanted)
