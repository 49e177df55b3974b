"""update_template_card (document/path/94888): a sent card becomes another, or its buttons become words. One
response_code, one update."""

from dataclasses import replace

from sandbox.model import JsonObject, Message
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.cards import Card, disabled, read_card
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid
from sandbox.wecom.fields import Fields
from sandbox.wecom.model import Sent
from sandbox.wecom.sending import Receivers, check_agent, resolve


def update_card(corp: Corp, call: Call) -> JsonObject:
    """The code is used up only by an update that is made. Whoever is named and did not get the card stays without."""
    fields = call.fields
    fields.refuse_unknown(
        *("userids", "partyids", "tagids", "atall", "agentid", "response_code", "button", "template_card"),
        "enable_id_trans",
    )
    check_agent(corp, fields)
    code = fields.string("response_code", required=True)
    whole = fields.flag("atall")
    receivers = _named(corp, fields, whole=whole)
    card, words = _new_face(corp, fields)
    sent = corp.coded(code)
    _take_task(corp, sent, card)
    del corp.codes[code]
    for person, message_id in sent.copies.items():
        message = corp.message(person, message_id)
        if message is not None and (whole or person in receivers.people):
            _update(corp, message, card, words)
    return {"invaliduser": list(receivers.invalid_users)}


def _named(corp: Corp, fields: Fields, *, whole: bool) -> Receivers:
    users = fields.strings("userids", limits.RECEIVERS)
    parties = [str(one) for one in fields.integers("partyids", limits.PARTIES)]
    tags = [str(one) for one in fields.integers("tagids", limits.PARTIES)]
    if not whole and not users and not parties and not tags:
        raise WecomError(82001, "userids & partyids & tagids all empty")
    found = resolve(corp, users, parties, tags)
    if not whole and not found.people:
        raise WecomError(81013, "user & party & tag all invalid")
    return found


def _new_face(corp: Corp, fields: Fields) -> tuple[Card | None, str]:
    """A whole card, or the words that stand where the buttons were."""
    if ("button" in fields) == ("template_card" in fields):
        raise invalid("either button or template_card")
    if "template_card" in fields:
        return read_card(corp, fields.inner("template_card"), update=True), ""
    button = fields.inner("button")
    button.refuse_unknown("replace_name")
    return None, button.string("replace_name", required=True)


def _take_task(corp: Corp, sent: Sent, card: Card | None) -> None:
    """A new card keeps its task_id or brings one that was never used."""
    if card is None or not card.task_id or card.task_id in sent.task_ids:
        return
    if card.task_id in corp.tasks:
        raise WecomError(42014, "invalid task_id: used before")
    corp.tasks.add(card.task_id)
    corp.sent[sent.msgid] = replace(sent, task_ids=sent.task_ids | {card.task_id})


def _update(corp: Corp, message: Message, card: Card | None, words: str) -> None:
    if card is None:
        corp.revise(message, replace(message, keyboard=disabled(corp, words)))
        return
    shown = {**card.content.card, "task_id": card.task_id or message.card.get("task_id", "")}
    corp.revise(message, replace(message, text=card.content.text, keyboard=card.content.keyboard, card=shown))
