"""Both ends of the road: every Web API method that the bot calls; manifest.yml asks for their scopes and no others."""

from enum import StrEnum


class Method(StrEnum):
    """A Web API method by Slack's name."""

    AUTH_TEST = "auth.test"
    POST = "chat.postMessage"
    UPDATE = "chat.update"
    EPHEMERAL = "chat.postEphemeral"
    HISTORY = "conversations.history"
    REPLIES = "conversations.replies"
    CHANNELS = "conversations.list"
    REACT = "reactions.add"
    UNREACT = "reactions.remove"
    GROUPS = "usergroups.list"
    GROUP_MEMBERS = "usergroups.users.list"
    PEOPLE = "users.list"
    PERSON_BY_EMAIL = "users.lookupByEmail"
    OPEN_VIEW = "views.open"
    PUBLISH_HOME = "views.publish"
    ANNOUNCE_FILE = "files.getUploadURLExternal"
    COMPLETE_FILE = "files.completeUploadExternal"

    @property
    def is_form(self) -> bool:
        """True for methods that Slack wants as a form and not as JSON: those that only read, or announce."""
        return self in _FORMS

    @property
    def may_repeat(self) -> bool:
        """True when doing it twice is the same as once, so that a call that broke midway may simply be made again."""
        return self is not Method.POST


_FORMS = frozenset(
    {
        Method.AUTH_TEST,
        Method.HISTORY,
        Method.REPLIES,
        Method.CHANNELS,
        Method.GROUPS,
        Method.GROUP_MEMBERS,
        Method.PEOPLE,
        Method.PERSON_BY_EMAIL,
        Method.ANNOUNCE_FILE,
    }
)
