"""What an earlier round of the day has said of a class goes on: who was away or unwell is not to be listed again."""

from handlers.model import Attendance, Entry, Symptom
from handlers.rules.fever import is_fever, is_unwell
from handlers.scene import Scene
from handlers.values import replace

AWAY = (Attendance.SICK, Attendance.PERSONAL, Attendance.UNKNOWN)


def going_on(scene: Scene) -> tuple[Entry, ...]:
    """Whom the first report of this round begins with: away or unwell in the earlier one. What was measured then is
    not measured now, so no temperature goes along, nor that it was a fever."""
    earlier = scene.view.earlier
    if scene.report is not None or earlier is None:
        return ()
    return tuple(_now(entry) for entry in earlier.entries if _goes_on(scene, entry))


def to_measure(scene: Scene) -> frozenset[str]:
    """Of these, who had a fever and is at school: that one is measured again."""
    earlier = scene.view.earlier
    hot = (entry for entry in earlier.entries if is_fever(entry, scene.rules.fever)) if earlier else ()
    return frozenset(entry.pupil for entry in hot if entry.attendance not in AWAY)


def stamp_of(scene: Scene) -> str:
    """What a button names of the earlier report: corrected since, it means another list."""
    earlier = scene.view.earlier
    return f"{earlier.round}{earlier.rev}" if earlier else ""


def _goes_on(scene: Scene, entry: Entry) -> bool:
    away = entry.attendance in AWAY or is_unwell(entry, scene.rules.fever)
    return away and entry.pupil in scene.present


def _now(entry: Entry) -> Entry:
    return replace(
        entry,
        attendance=Attendance.PRESENT if entry.attendance is Attendance.LATE else entry.attendance,
        temperature=None,
        method=None,
        afebrile=False,
        symptoms=tuple(code for code in entry.symptoms if code is not Symptom.FEVER),
        added=None,
    )
