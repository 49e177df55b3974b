"""agent/get: what the console's page of the app says, as the app itself may read it. Its fields are from memory
(document/path/90227); PLATFORM does not list the call."""

from sandbox.model import JsonObject
from sandbox.wecom.call import Call
from sandbox.wecom.corp import Corp
from sandbox.wecom.errors import WecomError, invalid


def get_agent(corp: Corp, call: Call) -> JsonObject:
    wanted = call.number("agentid")
    if wanted is None:
        raise invalid("agentid missing")
    if wanted != corp.agent_id:
        raise WecomError(301002, "not allow operate another agent with this accesstoken")
    people = [corp.directory.members[one].userid for one in sorted(corp.directory.visible_people)]
    return {
        "agentid": corp.agent_id,
        "name": "零报告",
        "square_logo_url": "",
        "description": "",
        "allow_userinfos": {"user": [{"userid": userid} for userid in people]},
        "allow_partys": {"partyid": sorted(corp.directory.visible_departments)},
        "allow_tags": {"tagid": []},
        "close": int(corp.closed),
        "redirect_domain": "",
        "report_location_flag": 0,
        "isreportenter": 0,
        "home_url": corp.home_url,
    }
