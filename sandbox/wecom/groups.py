"""appchat: groups that the app makes of members and may write to, and to no other. They take no cards and no input."""

import re
from dataclasses import replace

from sandbox.model import JsonObject
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.contents import read_content
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid
from sandbox.wecom.fields import Fields
from sandbox.wecom.model import ROOT, GroupChat, Member

_CHATID = re.compile(r"[0-9A-Za-z]{1,32}")
_TYPES = ("text", "markdown", "image", "file", "textcard")


def create(corp: Corp, call: Call) -> JsonObject:
    """For an app that sees the root department (else 60011). Phones show the group from its first message on."""
    if ROOT not in corp.directory.visible_departments:
        raise WecomError(60011, "no privilege to access/modify contact/party/agent")
    fields = call.fields
    fields.refuse_unknown("name", "owner", "userlist", "chatid")
    members = _members(corp, fields)
    owner = _member(corp, fields.string("owner")) if "owner" in fields else members[0]
    if owner not in members:
        raise invalid("owner is no member")
    chatid = _chatid(corp, fields)
    corp.rates.group_created(corp.now())
    people = tuple(member.person for member in members)
    corp.add_group(fields.string("name", size=150) or "群聊", people, owner.person, chatid=chatid)
    return {"chatid": chatid}


def update(corp: Corp, call: Call) -> JsonObject:
    """Names, owner and members of the app's own group, of which two at least are left. Whether its owner may be taken
    out without an heir is not documented: here not."""
    fields = call.fields
    fields.refuse_unknown("chatid", "name", "owner", "add_user_list", "del_user_list")
    group = _group(corp, fields.string("chatid", required=True))
    low, high = limits.GROUP_MEMBERS
    new = [_member(corp, userid).person for userid in fields.strings("add_user_list", high)]
    gone = {userid.lower() for userid in fields.strings("del_user_list", high)}
    stay = [one for one in group.members if _userid(corp, one).lower() not in gone]
    members = tuple(dict.fromkeys((*stay, *new)))
    if not low <= len(members) <= high:
        raise WecomError(86006, f"invalid member count: {low} to {high}")
    owner = _member(corp, fields.string("owner")).person if "owner" in fields else group.owner
    if owner not in members:
        raise invalid("owner is no member")
    title = fields.string("name", size=150) or group.title
    corp.groups[group.id] = replace(group, title=title, members=members, owner=owner)
    corp.changed(group.id)
    return {}


def send(corp: Corp, call: Call) -> JsonObject:
    """The answer names no msgid: what is said in a group can be neither recalled nor changed."""
    fields = call.fields
    fields.refuse_unknown("chatid", "msgtype", "safe", *_TYPES)
    group = _group(corp, fields.string("chatid", required=True))
    kind = fields.string("msgtype", required=True)
    if kind not in _TYPES:
        raise WecomError(40008, f"invalid message type: {kind}")
    content = read_content(corp, fields, kind)
    shown = [person for person in group.members if _passes(corp, person, group.id)]
    if shown:
        corp.show(group.id, content)
    return {}


def get(corp: Corp, call: Call) -> JsonObject:
    group = _group(corp, call.query.get("chatid", ""))
    return {
        "chat_info": {
            "chatid": group.chatid,
            "name": group.title,
            "owner": _userid(corp, group.owner),
            "userlist": [userid for person in group.members if (userid := _userid(corp, person))],
        }
    }


def _userid(corp: Corp, person: int) -> str:
    """Empty for who has left the corp."""
    member = corp.directory.members.get(person)
    return "" if member is None else member.userid


def _passes(corp: Corp, person: int, chat: int) -> bool:
    """Whoever had too many of them this minute does not see this one."""
    why = corp.rates.group_member(person, corp.now())
    if why:
        corp.drop(person, chat, why)
    return not why


def _members(corp: Corp, fields: Fields) -> list[Member]:
    low, high = limits.GROUP_MEMBERS
    userids = {userid.lower(): userid for userid in fields.strings("userlist", high)}
    if len(userids) < low:
        raise invalid(f"userlist needs {low} to {high} members")
    return [_member(corp, userid) for userid in userids.values()]


def _member(corp: Corp, userid: str) -> Member:
    member = corp.directory.find(userid)
    if member is None or not corp.directory.sees(member):
        raise WecomError(40003, f"invalid userid: {userid.lower()}")
    return member


def _chatid(corp: Corp, fields: Fields) -> str:
    """The app's own, or one that is made up; 86001 for one of another form or in use."""
    chatid = fields.string("chatid") or corp.secret_number(128)
    if not _CHATID.fullmatch(chatid) or any(group.chatid == chatid for group in corp.groups.values()):
        raise WecomError(86001, "invalid chatid")
    return chatid


def _group(corp: Corp, chatid: str) -> GroupChat:
    """86001 for what cannot be a chatid, 86003 for one that is no group of this app's."""
    if not _CHATID.fullmatch(chatid):
        raise WecomError(86001, "invalid chatid")
    for group in corp.groups.values():
        if group.chatid == chatid:
            return group
    raise WecomError(86003, "chatid not exist")
