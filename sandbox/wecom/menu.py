"""menu/create, menu/get, menu/delete: the app's one menu, the same for everybody. Which of 40016-40027 is for what, and
that \\uXXXX is refused with 40033, is from memory."""

from sandbox.model import JsonObject
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, not_built
from sandbox.wecom.fields import Fields

_NOT_BUILT = frozenset(
    {"scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"}
)


def create(corp: Corp, call: Call) -> JsonObject:
    _check_agent(corp, call)
    if call.escaped:
        raise WecomError(40033, "invalid charset: \\uXXXX is not allowed")
    call.fields.refuse_unknown("button")
    rows = _rows(call.fields, "button", limits.MENU, 40016)
    for row in rows:
        _check_name(row, limits.MENU_NAME, 40018)
        if "sub_button" in row:
            row.refuse_unknown("name", "sub_button")
            for inner in _rows(row, "sub_button", limits.SUB_MENU, 40023):
                _check_name(inner, limits.SUB_MENU_NAME, 40025)
                _check_button(inner, 40024)
        else:
            _check_button(row, 40017)
    corp.menu = tuple(dict(row.values) for row in rows)
    corp.changed()
    return {}


def get(corp: Corp, call: Call) -> JsonObject:
    _check_agent(corp, call)
    return {"button": list(corp.menu)}


def delete(corp: Corp, call: Call) -> JsonObject:
    _check_agent(corp, call)
    corp.menu = ()
    corp.changed()
    return {}


def keys(corp: Corp) -> frozenset[str]:
    """Of every button that can be tapped."""
    flat = [Fields(row) for row in corp.menu]
    flat += [inner for row in flat for inner in row.rows("sub_button", 0, limits.SUB_MENU)]
    return frozenset(row.string("key") for row in flat if "key" in row)


def _check_agent(corp: Corp, call: Call) -> None:
    agent = call.number("agentid")
    if agent is None:
        raise WecomError(40056, "invalid agentid")
    if agent != corp.agent_id:
        raise WecomError(301002, "not allow operate another agent with this accesstoken")


def _rows(fields: Fields, name: str, high: int, errcode: int) -> tuple[Fields, ...]:
    value = fields.values.get(name)
    if not isinstance(value, list) or not 1 <= len(value) <= high:
        raise WecomError(errcode, f"invalid button count: {name}")
    return fields.rows(name, 1, high)


def _check_name(row: Fields, size: int, errcode: int) -> None:
    if not 1 <= len(row.string("name").encode()) <= size:
        raise WecomError(errcode, "invalid button name size")


def _check_button(row: Fields, errcode: int) -> None:
    """The errcodes for a key's and an address's length are two and three after that for the type."""
    row.refuse_unknown("type", "name", "key", "url")
    match row.string("type"):
        case "click" if not 1 <= len(row.string("key").encode()) <= limits.MENU_KEY:
            raise WecomError(errcode + 2, "invalid button key size")
        case "view" if not row.string("url"):
            raise WecomError(errcode + 3, "invalid button url size")
        case "click" | "view":
            pass
        case kind if kind in _NOT_BUILT:
            raise not_built(f"of menu buttons only click and view are built, not {kind}")
        case _:
            raise WecomError(errcode, "invalid button type")
