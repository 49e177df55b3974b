"""message/send: to whom, what, and what of it reaches the phones; message/recall."""

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
    """A repeat within its interval is answered like the first and shown to nobody. What such an answer holds
    PLATFORM does not say: here a msgid that is nowhere, and no response_code."""
    fields = call.fields
    fields.refuse_unknown(*_KNOWN)
    check_agent(corp, fields)
    receivers = _receivers(corp, fields)
    if _is_repeat(corp, call):
        return _answer(corp.secret_number(), receivers)
    kind = fields.string("msgtype", required=True)
    if kind not in _TYPES:
        raise WecomError(40008, f"invalid message type: {kind}")
    fields.flag("enable_id_trans")
    read_safe(fields, kind)
    card = read_card(corp, fields.inner(kind)) if kind == "template_card" else None
    content = card.content if card is not None else read_content(corp, fields, kind)
    if card is not None and card.task_id in corp.tasks:
        raise WecomError(42014, "invalid task_id: used before")
    _remember(corp, call)
    return _deliver(corp, receivers, content, card)


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


def _is_repeat(corp: Corp, call: Call) -> bool:
    until = corp.repeats.get(_canonical(call))
    return call.fields.flag("enable_duplicate_check") and until is not None and corp.now() < until


def _remember(corp: Corp, call: Call) -> None:
    longest, usual = limits.LONGEST_DUPLICATE_INTERVAL, limits.DUPLICATE_INTERVAL
    seconds = call.fields.integer("duplicate_check_interval", usual, 1, longest)
    if call.fields.flag("enable_duplicate_check"):
        corp.repeats[_canonical(call)] = corp.now() + timedelta(seconds=seconds)


def _canonical(call: Call) -> str:
    return json.dumps(call.body, sort_keys=True)


def _deliver(corp: Corp, receivers: Receivers, content: Content, card: Card | None) -> JsonObject:
    msgid = corp.secret_number()
    copies = {}
    for person in receivers.people:
        if why := corp.rates.member(person, corp.now()):
            corp.drop(person, person, why)
        else:
            copies[person] = corp.show(person, content).id
    task_id = card.task_id if card is not None else ""
    corp.sent[msgid] = Sent(msgid, corp.now(), copies, task_id)
    corp.origins |= dict.fromkeys(copies.values(), msgid)
    if task_id:
        corp.tasks.add(task_id)
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
    """Within 24 h. PLATFORM names no errcode for a msgid that is unknown or older: here 40058."""
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
