"""message/send (document/path/90236): to whom, what, and what of it reaches the phones; message/recall."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sandbox.model import JsonObject
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.cards import Card, read_card
from sandbox.wecom.contents import read_content, read_safe
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid
from sandbox.wecom.fields import Fields
from sandbox.wecom.model import DISABLED, LEFT, Content, Sent

_TYPES = ("text", "markdown", "image", "file", "textcard", "template_card")
_KNOWN = (
    *("touser", "toparty", "totag", "msgtype", "agentid", "safe", *_TYPES),
    *("enable_id_trans", "enable_duplicate_check", "duplicate_check_interval"),
)


@dataclass(frozen=True, slots=True)
class Receivers:
    """`people` are those who can be reached; the others as they were written, userids in lower case."""

    people: tuple[int, ...]
    invalid_users: tuple[str, ...] = ()
    invalid_parties: tuple[str, ...] = ()
    invalid_tags: tuple[str, ...] = ()


def send(corp: Corp, call: Call) -> JsonObject:
    """A repeat within its interval is answered with 0 and shown to nobody. What such an answer holds is not documented:
    here a msgid that is nowhere, and no response_code."""
    fields = call.fields
    fields.refuse_unknown(*_KNOWN)
    check_agent(corp, fields)
    receivers = _receivers(corp, fields)
    repeat, now = _repeat_key(call), corp.now()
    if repeat and now < corp.repeats.get(repeat, now):
        return _answer(corp.secret_number(), receivers)
    interval = timedelta(seconds=_interval(fields))
    content, card = _read(corp, fields)
    if repeat:
        corp.repeats[repeat] = now + interval
    return _deliver(corp, receivers, content, card)


def _read(corp: Corp, fields: Fields) -> tuple[Content, Card | None]:
    kind = fields.string("msgtype", required=True)
    if kind not in _TYPES:
        raise WecomError(40008, f"invalid message type: {kind}")
    fields.flag("enable_id_trans")
    if kind != "template_card":
        return read_content(corp, fields, kind), None
    read_safe(fields, kind)
    card = read_card(corp, fields.inner(kind))
    if card.task_id in corp.tasks:
        raise WecomError(42014, "invalid task_id: used before")
    return card.content, card


def check_agent(corp: Corp, fields: Fields) -> None:
    agent = fields.values.get("agentid")
    if not isinstance(agent, int) or agent <= 0:
        raise WecomError(40056, "invalid agentid")
    if agent != corp.agent_id:
        raise WecomError(301002, "not allow operate another agent with this accesstoken")


def _receivers(corp: Corp, fields: Fields) -> Receivers:
    users = fields.piped("touser", limits.RECEIVERS)
    parties = fields.piped("toparty", limits.PARTIES)
    tags = fields.piped("totag", limits.PARTIES)
    if not users and not parties and not tags:
        raise WecomError(82001, "touser & toparty & totag all empty")
    if "@all" in users:
        return Receivers(tuple(member.person for member in corp.directory.seen()))
    found = resolve(corp, users, parties, tags)
    if not found.people:
        raise WecomError(81013, "user & party & tag all invalid")
    return found


def resolve(corp: Corp, users: Iterable[str], parties: Iterable[str], tags: Iterable[str]) -> Receivers:
    """A department stands for all who are in it or under it, as far as the app sees them."""
    directory = corp.directory
    people: dict[int, None] = {}
    bad_users = []
    for userid in users:
        member = directory.find(userid)
        if member is None or member.status in (DISABLED, LEFT) or not directory.sees(member):
            bad_users.append(userid.lower())
        else:
            people[member.person] = None
    seen = directory.seen_departments()
    good_parties = [party for party in parties if party.isdigit() and int(party) in seen]
    for party in good_parties:
        people |= dict.fromkeys(member.person for member in directory.within(directory.beneath(int(party))))
    good_tags = [tag for tag in tags if tag.isdigit() and int(tag) in directory.tags]
    for tag in good_tags:
        people |= dict.fromkeys(one.person for one in directory.seen() if one.person in directory.tags[int(tag)])
    return Receivers(
        tuple(people),
        tuple(dict.fromkeys(bad_users)),
        tuple(party for party in parties if party not in good_parties),
        tuple(tag for tag in tags if tag not in good_tags),
    )


def _repeat_key(call: Call) -> bytes:
    """The same for every request of the same JSON; empty unless the request asks for the check."""
    if not call.fields.flag("enable_duplicate_check"):
        return b""
    return hashlib.sha256(json.dumps(call.body, sort_keys=True).encode()).digest()


def _interval(fields: Fields) -> int:
    """Seconds."""
    return fields.integer("duplicate_check_interval", limits.DUPLICATE_INTERVAL, 1, limits.LONGEST_DUPLICATE_INTERVAL)


def _deliver(corp: Corp, receivers: Receivers, content: Content, card: Card | None) -> JsonObject:
    msgid = corp.secret_number()
    copies = {}
    for person in receivers.people:
        if why := corp.rates.member(person, corp.now()):
            corp.drop(person, person, why)
        else:
            copies[person] = corp.show(person, content).id
    task_ids = frozenset({card.task_id} - {""}) if card is not None else frozenset[str]()
    corp.sent[msgid] = Sent(msgid, corp.now(), copies, task_ids)
    corp.origins |= dict.fromkeys(copies.values(), msgid)
    corp.tasks |= task_ids
    answer = _answer(msgid, receivers)
    if card is not None and card.has_code:
        answer["response_code"] = corp.new_code(msgid)
    return answer


def _answer(msgid: str, receivers: Receivers) -> JsonObject:
    return {
        "invaliduser": "|".join(receivers.invalid_users),
        "invalidparty": "|".join(receivers.invalid_parties),
        "invalidtag": "|".join(receivers.invalid_tags),
        "unlicenseduser": "",
        "msgid": msgid,
    }


def recall(corp: Corp, call: Call) -> JsonObject:
    """Within 24 h. The errcode for a msgid that is unknown or older is not documented: here 40058."""
    fields = call.fields
    fields.refuse_unknown("msgid")
    sent = corp.sent.get(fields.string("msgid", required=True))
    if sent is None or corp.now() - sent.at > limits.RECALLABLE:
        raise invalid("msgid")
    for person, message_id in sent.copies.items():
        message = corp.message(person, message_id)
        if message is not None:
            corp.delete(message)
    return {}
