"""What the app may read of the directory: department/list, user/simplelist, user/list, user/get; user/list_id for the
contacts' own secret. Names and departments only: apps made since June 2022 are told no mobile and no e-mail."""

from sandbox.model import JsonObject
from sandbox.wecom.call import Call
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid
from sandbox.wecom.model import LEFT, Department, Member

MOST_IDS = 10_000


def departments(corp: Corp, call: Call) -> JsonObject:
    """Of `id` and all under it; of the whole visible range without one."""
    wanted = call.number("id")
    seen = corp.directory.seen_departments()
    if wanted is not None:
        seen &= corp.directory.beneath(_department(corp, wanted))
    return {"department": [_department_row(corp.directory.departments[one]) for one in sorted(seen)]}


def _department_row(row: Department) -> JsonObject:
    told: JsonObject = {"id": row.id, "name": row.name, "name_en": "", "parentid": row.parent, "order": row.id}
    return {**told, "department_leader": []}


def simple_list(corp: Corp, call: Call) -> JsonObject:
    return {"userlist": [_simple(corp, member) for member in _members(corp, call)]}


def full_list(corp: Corp, call: Call) -> JsonObject:
    return {"userlist": [_full(corp, member) for member in _members(corp, call)]}


def one(corp: Corp, call: Call) -> JsonObject:
    member = corp.directory.find(call.query.get("userid", ""))
    if member is None:
        raise WecomError(60111, "userid not found")
    if not corp.directory.sees(member):
        raise WecomError(60011, "no privilege to access/modify contact/party/agent")
    return _full(corp, member)


def id_list(corp: Corp, call: Call) -> JsonObject:
    """Every member of the corp, once a department; with the contacts' secret alone."""
    fields = call.fields
    fields.refuse_unknown("cursor", "limit")
    limit = fields.integer("limit", MOST_IDS, 1, MOST_IDS)
    cursor = fields.string("cursor") or "0"
    pairs = [(one.userid, department) for one in corp.directory.members.values() for department in one.departments]
    if not cursor.isdigit() or int(cursor) > len(pairs):
        raise invalid("cursor")
    start, end = int(cursor), int(cursor) + limit
    return {
        "next_cursor": str(end) if end < len(pairs) else "",
        "dept_user": [{"userid": userid, "department": department} for userid, department in pairs[start:end]],
    }


def _members(corp: Corp, call: Call) -> tuple[Member, ...]:
    """Directly in the department: these calls do not look beneath it."""
    wanted = call.number("department_id")
    if wanted is None:
        raise invalid("department_id missing")
    here = corp.directory.within([_department(corp, wanted)])
    return tuple(member for member in here if member.status != LEFT)


def _department(corp: Corp, wanted: int) -> int:
    """Raises 60123 for one that does not exist, 60011 for one outside the visible range."""
    if wanted not in corp.directory.departments:
        raise WecomError(60123, "invalid party id")
    if wanted not in corp.directory.seen_departments():
        raise WecomError(60011, "no privilege to access/modify contact/party/agent")
    return wanted


def _simple(corp: Corp, member: Member) -> JsonObject:
    return {
        "userid": member.userid,
        "name": corp.directory.people[member.person].name,
        "department": list(member.departments),
        "open_userid": "",
    }


def _full(corp: Corp, member: Member) -> JsonObject:
    more = {
        "order": [0] * len(member.departments),
        "is_leader_in_dept": [0] * len(member.departments),
        "main_department": member.departments[0],
        "position": "",
        "status": member.status,
        "isleader": 0,
        "enable": int(member.status != 2),
        "hide_mobile": 0,
    }
    return {**_simple(corp, member), **more}
