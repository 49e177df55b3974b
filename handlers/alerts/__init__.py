"""发热提醒: who there is to hear (hearers), who does at once (raising, continuing), who next (chain), who was not
reached (calling, returning), 已知悉 (acknowledging), what became of it (revising), how all looks (showing, again)."""

from handlers.alerts.acknowledging import acknowledge, acknowledge_post, seen
from handlers.alerts.chain import pass_on, undelivered
from handlers.alerts.hearers import MEASURES, may_acknowledge, may_measure
from handlers.alerts.raising import raise_alerts
from handlers.alerts.returning import came_back, missed
from handlers.alerts.revising import revise_alerts

__all__ = [
    "MEASURES",
    "acknowledge",
    "acknowledge_post",
    "came_back",
    "may_acknowledge",
    "may_measure",
    "missed",
    "pass_on",
    "raise_alerts",
    "revise_alerts",
    "seen",
    "undelivered",
]
