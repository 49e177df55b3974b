"""The XML of what the app is told: messages have a MsgId, events have none (document/path/90240)."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from sandbox.wecom.corp import Corp

Tree = Mapping[str, object]
Answers = Iterable[tuple[str, Iterable[str]]]


def message_xml(corp: Corp, userid: str, kind: str, body: Tree) -> str:
    return _xml({**_head(corp, userid, kind), **body, "MsgId": corp.next_number(), "AgentID": corp.agent_id})


def event_xml(corp: Corp, userid: str, event: str, body: Tree) -> str:
    return _xml({**_head(corp, userid, "event"), "Event": event, **body, "AgentID": corp.agent_id})


def selected(answers: Answers) -> Tree:
    """What was chosen on a card: each question's key, with the ids of its options."""
    items = [
        {"SelectedItem": {"QuestionKey": question, "OptionIds": [{"OptionId": option} for option in options]}}
        for question, options in answers
    ]
    return {"SelectedItems": items}


def envelope_xml(corp: Corp, encrypted: str) -> str:
    return _xml({"ToUserName": corp.corp_id, "Encrypt": encrypted, "AgentID": str(corp.agent_id)})


def _head(corp: Corp, userid: str, kind: str) -> dict[str, object]:
    created = int(corp.now().timestamp())
    return {"ToUserName": corp.corp_id, "FromUserName": userid, "CreateTime": created, "MsgType": kind}


def _xml(tree: Tree) -> str:
    return f"<xml>{_inside(tree)}</xml>"


def _inside(value: object) -> str:
    match value:
        case Mapping():
            return "".join(f"<{name}>{_inside(inner)}</{name}>" for name, inner in value.items())
        case list():
            return "".join(_inside(one) for one in value)
        case int():
            return str(value)
        case _:
            return _cdata(str(value))


def _cdata(text: str) -> str:
    """A text that ends a CDATA section by itself is escaped instead."""
    return escape(text) if "]]>" in text else f"<![CDATA[{text}]]>"
