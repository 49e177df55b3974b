"""发热提醒: who hears of a flagged pupil at once (raising), who next (chain), 已知悉 (acknowledging), what became of it
(revising), and how all of it looks (showing)."""

from handlers.alerts.acknowledging import acknowledge, acknowledge_post, seen
from handlers.alerts.chain import pass_on, undelivered
from handlers.alerts.raising import raise_alerts
from handlers.alerts.revising import revise_alerts
from handlers.alerts.showing import MEASURES, may_acknowledge, may_measure

__all__ = [
    "MEASURES",
    "acknowledge",
    "acknowledge_post",
    "may_acknowledge",
    "may_measure",
    "pass_on",
    "raise_alerts",
    "revise_alerts",
    "seen",
    "undelivered",
]
