"""Fourth floor of the stand-in: users.* and usergroups.*."""

from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.web_api.call import Answer, Call, Method, page


def user_info(call: Call) -> Answer:
    """One user. Refusal user_not_found."""
    users = call.standin.workspace.users
    user = users.get(call.args.required("user", "user_not_found"))
    if user is None:
        raise Refusal("user_not_found")
    return {"user": _seen_by(call, user)}


def list_users(call: Call) -> Answer:
    """Everybody, bots too."""
    users, paging = page(call, list(call.standin.workspace.users.values()), default=1000)
    return {"members": [_seen_by(call, user) for user in users], "cache_ts": 0, **paging}


def lookup_by_email(call: Call) -> Answer:
    """The person with that address. Refusal users_not_found."""
    wanted = call.args.required("email", "users_not_found").lower()
    for user in call.standin.workspace.users.values():
        if user["profile"].get("email", "").lower() == wanted:
            return {"user": user}
    raise Refusal("users_not_found")


def list_groups(call: Call) -> Answer:
    """User groups; their members only with include_users."""
    hidden = () if call.args.flag("include_users") else ("users",)
    if not call.args.flag("include_count"):
        hidden = (*hidden, "user_count")
    groups = call.standin.workspace.groups.values()
    return {"usergroups": [{k: v for k, v in group.items() if k not in hidden} for group in groups]}


def list_group_users(call: Call) -> Answer:
    """The user ids in a group. Refusal no_such_subteam."""
    group = call.standin.workspace.groups.get(call.args.required("usergroup"))
    if group is None:
        raise Refusal("no_such_subteam")
    return {"users": list(group["users"])}


def _seen_by(call: Call, user: Answer) -> Answer:
    """Without users:read.email an address is not shown."""
    if "users:read.email" in call.app.scopes:
        return user
    return {**user, "profile": {k: v for k, v in user["profile"].items() if k != "email"}}


METHODS: dict[str, Method] = {
    "usergroups.list": list_groups,
    "usergroups.users.list": list_group_users,
    "users.info": user_info,
    "users.list": list_users,
    "users.lookupByEmail": lookup_by_email,
}
