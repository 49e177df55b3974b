"""What is shown of an alert shows how it is now: the group's posts, every officer's card, and the calls for help."""

from collections.abc import Sequence

from handlers.alerts.calling import late_post, lost, unanswered
from handlers.alerts.hearers import hearers
from handlers.alerts.showing import post, private, told_today
from handlers.model import Message, Update, Urgency
from handlers.questions import AlertView, Ask
from handlers.rulebook import Rules
from handlers.values import replace


def said_again(update: Update, ask: Ask, rules: Rules, changed: Sequence[AlertView]) -> tuple[Message, ...]:
    """Of these alerts of one school: edits of what is there, without a sound."""
    if not changed:
        return ()
    school, day = changed[0].school.id, changed[0].day
    today = told_today(ask, school, day, changed)
    there = hearers(ask, school, day)
    messages: list[Message] = []
    for id in dict.fromkeys(alert.post for alert in changed if alert.post is not None):
        messages += (*post(update, rules, today, id, there), *late_post(update, rules, today, id, there))
        if there.group:  # who has it in private, from before the group was bound
            messages += post(update, rules, today, id, replace(there, group=False))
    for alert in changed:
        messages += [private(update, rules, alert, told, there) for told in alert.told]
        messages += (*lost(update, rules, alert, today, there), *unanswered(update, rules, alert, there))
    return tuple(replace(message, urgency=Urgency.REPLY, fresh=False, only_if_shown=True) for message in messages)
