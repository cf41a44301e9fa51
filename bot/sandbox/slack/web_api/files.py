"""Fourth floor of the stand-in: file upload v2 (announce, receive, complete) and files.info."""

from bot.sandbox.slack import escaping
from bot.sandbox.slack.refusal import Refusal
from bot.sandbox.slack.web_api.call import Answer, Call, Method
from bot.sandbox.slack.workspace import Draft


def get_upload_url(call: Call) -> Answer:
    """First of the three calls: where to send the bytes."""
    length = call.args.number("length", 0, low=0, high=2**31)
    upload = call.standin.files.announce(call.app.id, call.args.text("filename"), length)
    return {"upload_url": f"{call.standin.base_url}/upload/v1/{upload.id}/{upload.token}", "file_id": upload.id}


def complete_upload(call: Call) -> Answer:
    """Third call: name the files and share them in a channel or thread, when one is given."""
    wanted = call.args.structure("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) and one.get("id") for one in wanted):
        raise Refusal("invalid_arguments", "files must be a list of {id, title}")
    standin = call.standin
    target = call.args.text("channel_id") or next(iter(call.args.names("channels")), "")
    channel = call.conversation(target) if target else None
    if channel is not None and call.app.bot_user not in channel.members:
        raise Refusal("not_in_channel", f"{call.app.name} is not in {channel.id}")
    files = [standin.files.complete(one["id"], one.get("title"), call.app.bot_user, standin.base_url) for one in wanted]
    if channel is not None:
        comment = escaping.posted(call.args.text("initial_comment"))
        extra = {"files": files, "upload": False}
        thread_ts = call.args.text("thread_ts") or None
        draft = Draft(channel.id, comment, thread_ts=thread_ts, extra=extra)
        message = standin.workspace.post(draft, standin.workspace.by_app(call.app))
        share = {"ts": message["ts"], "channel_name": channel.name}
        for file in files:
            file["shares"] = {"public": {channel.id: [share]}}
    return {"files": files}


def file_info(call: Call) -> Answer:
    """One file. Refusal file_not_found."""
    return {"file": call.standin.files.info(call.args.required("file", "file_not_found"))}


METHODS: dict[str, Method] = {
    "files.completeUploadExternal": complete_upload,
    "files.getUploadURLExternal": get_upload_url,
    "files.info": file_info,
}
