"""代报: how and when the 报告人 heard. Both are asked before anything is sent, and both are kept."""

from datetime import datetime, time, timedelta

from handlers.drafts import turned
from handlers.frame import button, foot, head, note
from handlers.model import Choices, Draft, Text, in_rows, text
from handlers.rules.dates import read_day
from handlers.rules.spelling import plain
from handlers.rules.times import Ago, read_hour
from handlers.scene import Scene

HOW = ("phone", "in_person", "paper")
TYPED_HOW = {"电话": "phone", "打电话": "phone", "当面": "in_person", "纸条": "paper"}
TYPED_HOW |= {"by phone": "phone", "in person": "in_person", "on paper": "paper"}
STEPS = (5, 10, 15, 30, 60, 120)  # minutes between the hours that are offered: the closest that fit
MOST = 12
NOW = "now"


# Screens


def how(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    buttons = tuple(button(scene, draft, text(f"how.{one}"), "how", one) for one in HOW)
    words = text("walk.how", head=head(scene, draft), note=note(scene, draft))
    return words, (buttons, foot(scene, draft, back=begun(draft)))


def heard(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    just_now = button(scene, draft, text("button.just_now"), "heard", NOW)
    hours = [button(scene, draft, text("literal", words=f"{at:%H:%M}"), "heard", f"{at:%H%M}") for at in moments(scene)]
    rows = [(just_now,), *in_rows(hours, 4), foot(scene, draft)]
    return text("walk.heard", head=head(scene, draft), note=note(scene, draft)), tuple(rows)


def health(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    return text("walk.health", head=head(scene, draft), n=scene.expected, note=note(scene, draft)), (
        (button(scene, draft, text("button.zero"), "all_well"),),
        (button(scene, draft, text("button.ill"), "some_ill"),),
        foot(scene, draft),
    )


def begun(draft: Draft) -> bool:
    """Asked at 发送, so that there is something to go back to."""
    return draft.begun or draft.said_present is not None


def moments(scene: Scene) -> tuple[time, ...]:
    """Round hours between the round's opening and now, or the close of a day gone by; the latest first."""
    now = scene.update.at.astimezone(scene.update.zone)
    if scene.past:
        now = datetime.combine(scene.day, scene.round.close, scene.update.zone)
    opens = datetime.combine(scene.day, scene.round.opens, scene.update.zone)
    for step in STEPS:
        first = opens + timedelta(minutes=-opens.minute % step)
        count = max(0, -((first - now) // timedelta(minutes=step)))
        found = [first + timedelta(minutes=step * n) for n in range(count)]
        if len(found) <= MOST:
            return tuple(one.time() for one in reversed(found))
    return ()


# Answers


def told_how(scene: Scene, draft: Draft, value: str) -> Draft | None:
    return turned(draft, behalf=value, open="heard") if value in HOW else None


def told_when(scene: Scene, draft: Draft, value: str) -> Draft | None:
    """A button of `heard`: now, or HHMM."""
    if value == NOW:
        return turned(draft, heard_at=scene.update.at)
    if len(value) != 4 or not value.isdigit() or int(value[:2]) > 23 or int(value[2:]) > 59:
        return None
    return _at(scene, draft, time(int(value[:2]), int(value[2:])))


def typed_when(scene: Scene, draft: Draft, words: str) -> Draft:
    """昨晚8点 is of another day, 8:70 no hour: each is refused in a sentence."""
    said = plain(words).strip()
    day = read_day(said, 0, scene.day)
    if day is not None:
        if scene.day not in (day[0].back, day[0].ahead):
            return _refused(draft, "other_day")
        said = _rest(said, day[1])
    hour = read_hour(said)
    if hour is None:
        return _refused(draft, "unread")
    if isinstance(hour, Ago):
        return _kept(scene, draft, scene.update.at - hour.span)
    later = time((hour.at.hour + 12) % 24, hour.at.minute)
    may_be_later = not hour.half and hour.at < scene.round.opens and _instant(scene, later) <= scene.update.at
    return _at(scene, draft, later if may_be_later else hour.at)


def _rest(said: str, end: int) -> str:
    """今天下午3点: the half of the day is read with the hour, not with the day."""
    for half in ("早上", "上午", "中午", "下午", "晚上"):
        if said[:end].endswith(half):
            return said[end - len(half) :]
    return said[end:]


def _instant(scene: Scene, at: time) -> datetime:
    return datetime.combine(scene.day, at, scene.update.zone)


def _at(scene: Scene, draft: Draft, at: time) -> Draft:
    return _kept(scene, draft, _instant(scene, at))


def _kept(scene: Scene, draft: Draft, heard_at: datetime) -> Draft:
    if heard_at > scene.update.at:
        return _refused(draft, "future")
    if heard_at < _instant(scene, time()):
        return _refused(draft, "other_day")
    return turned(draft, heard_at=heard_at)


def _refused(draft: Draft, why: str) -> Draft:
    return turned(draft, heard_at=None, note=f"walk.heard_{why}")
