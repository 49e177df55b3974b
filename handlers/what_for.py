"""请假, and nobody said what for: 病假 or 事假 is asked, by one tap a pupil, or one for all of the same line."""

from handlers.drafts import laid, next_open, turned, without
from handlers.frame import button, foot, head, note, read_meanwhile
from handlers.model import Attendance, Choices, Draft, Entry, PupilRef, Text, Typed, Unsure, text
from handlers.proposal import entry_of, reading_of
from handlers.rules.spelling import plain
from handlers.scene import Scene
from handlers.values import replace
from handlers.words import NOTHING

KINDS = (Attendance.SICK, Attendance.PERSONAL, Attendance.UNKNOWN)
FOR_ALL = (Attendance.SICK, Attendance.PERSONAL)
ALL = "all_"
TYPED = {
    **dict.fromkeys(("病", "sick", "sick leave"), Attendance.SICK),
    **dict.fromkeys(("事", "personal", "personal leave"), Attendance.PERSONAL),
    **dict.fromkeys(("不知道", "不清楚", "还不清楚", "没说", "unknown", "cause unknown"), Attendance.UNKNOWN),
}


def what_for(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    asked = _asked(draft)
    one = asked[0]
    rows = [tuple(button(scene, draft, text(f"attendance.{kind}"), "what_for", kind) for kind in KINDS[:2])]
    rows.append((button(scene, draft, text(f"attendance.{Attendance.UNKNOWN}"), "what_for", Attendance.UNKNOWN),))
    if len(asked) > 1:
        rows.append(
            tuple(
                button(
                    scene,
                    draft,
                    text("button.all_of_them", n=len(asked), kind=text(f"attendance.{kind}")),
                    "what_for",
                    f"{ALL}{kind}",
                )
                for kind in FOR_ALL
            )
        )
    rows.append(foot(scene, draft))
    words = text(
        "walk.what_for",
        head=head(scene, draft),
        lines=read_meanwhile(scene, draft),
        said=text("walk.said", words=Typed(one.words, draft.person)) if one.words else NOTHING,
        note=note(scene, draft),
        pupil=PupilRef(one.entry.pupil, scene.seat(one.entry.pupil)),
    )
    return words, tuple(rows)


def _asked(draft: Draft) -> tuple[Unsure, ...]:
    """The one that is asked about, and those after it that are asked about the same."""
    same = next((place for place, one in enumerate(draft.pending) if not _of_leave(one)), len(draft.pending))
    return draft.pending[:same]


def _of_leave(unsure: Unsure) -> bool:
    return unsure.why and not unsure.pupils and bool(unsure.entry.pupil)


def told(scene: Scene, draft: Draft, value: str) -> Draft | None:
    """A button: the kind of this pupil's leave, or of all of them."""
    kind = value.removeprefix(ALL)
    if draft.open != "what_for" or kind not in set(KINDS):
        return None
    asked = _asked(draft) if value.startswith(ALL) else _asked(draft)[:1]
    return _settled(draft, tuple(replace(one.entry, attendance=Attendance(kind)) for one in asked))


def typed(scene: Scene, draft: Draft) -> Draft:
    """病假, 家里有事, 都是事假; 发烧38.5 says it too. What is not read is asked again."""
    words = plain(scene.update.text).strip()
    everybody = words.startswith(("都", "全", "均", "all "))
    asked = _asked(draft) if everybody else _asked(draft)[:1]
    said = words.removeprefix("all ").lstrip("都全均是")
    found = tuple(entry for one in asked if (entry := _read(scene, draft, one.entry, said)) is not None)
    return _settled(draft, found) if len(found) == len(asked) else turned(draft, note="walk.what_for_unread")


def _read(scene: Scene, draft: Draft, entry: Entry, said: str) -> Entry | None:
    if (kind := TYPED.get(said)) is not None:
        return replace(entry, attendance=kind)
    reading = reading_of(scene, f"{scene.seat(entry.pupil)}号请假，{said}")
    unclear = any(doubt.kind == "reason" for doubt in reading.doubts)
    line = next((line for line in reading.lines if line.pupil == entry.pupil), None)
    if line is None or unclear or line.attendance not in set(Attendance) - {Attendance.PRESENT}:
        return None
    known = entry_of(scene, line, draft.method)
    return replace(known, where=known.where or entry.where)


def _settled(draft: Draft, entries: tuple[Entry, ...]) -> Draft:
    listed = draft.entries
    for entry in entries:
        listed = (*without(listed, entry.pupil), laid(draft, entry, placed=True))
    return next_open(turned(draft, entries=listed, pending=draft.pending[len(entries) :]))
