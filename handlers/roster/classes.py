"""Which class is which: 三(2)班 is 四(2)班 next September, because most of it are the same pupils."""

from collections import Counter
from collections.abc import Mapping, Sequence

from handlers.model import Klass
from handlers.questions import RollView
from handlers.rolls import SchoolRoll
from handlers.roster.matching import match

Flows = Mapping[tuple[str, str], int]  # (class as it is known, name in the file) → pupils who went that way


def continued(roll: SchoolRoll, view: RollView) -> dict[str, str]:
    """Name in the file → the known class that it is. One that is not here is new; a known one that is not is closed.

    A class whose pupils stay in their grade keeps its name whoever moves in or out. One whose pupils go up, or whose
    name is gone, is the class that is in its majority made of them and to which at least half of them went."""
    flows = _flows(roll, view)
    stays = {klass.name: klass.id for klass in view.classes if _stays(klass, roll, view, flows)}
    gone_up = [klass for klass in view.classes if klass.id not in stays.values()]
    return stays | _followed(gone_up, roll, flows, set(stays))


def _flows(roll: SchoolRoll, view: RollView) -> Flows:
    """By 学号, else by a name that is one's own in the whole school, else by one that is so in a class of one name."""
    number = (lambda row: row.student_no, lambda pupil: pupil.student_no)
    whole = match(roll.pupils, view.pupils, number=number, name=(lambda row: row.name, lambda pupil: pupil.name))
    taken = {one.id for one in whole if one}
    called = {klass.id: klass.name for klass in view.classes}
    within = match(
        [row for row, one in zip(roll.pupils, whole, strict=True) if one is None],
        [pupil for pupil in view.pupils if pupil.id not in taken],
        number=number,
        name=(lambda row: (row.class_name, row.name), lambda pupil: (called[pupil.class_id], pupil.name)),
    )
    found = Counter((one.class_id, row.class_name) for row, one in zip(roll.pupils, whole, strict=True) if one)
    return found + Counter((one.class_id, called[one.class_id]) for one in within if one)


def _stays(klass: Klass, roll: SchoolRoll, view: RollView, flows: Flows) -> bool:
    grades = {row.name: row.grade for row in roll.classes}
    if klass.name not in grades:
        return False
    went = {name: n for (of, name), n in flows.items() if of == klass.id}
    if not went:
        # nobody of it is there any more: the class of that name is another one, unless this one had nobody either
        return all(pupil.class_id != klass.id for pupil in view.pupils)
    return 2 * sum(n for name, n in went.items() if grades[name] == klass.grade) > sum(went.values())


def _followed(gone_up: Sequence[Klass], roll: SchoolRoll, flows: Flows, taken: set[str]) -> dict[str, str]:
    """The greater number decides first; of two equal ones that of the same class number."""
    known = {klass.id: klass for klass in gone_up}
    rows = {row.name: row for row in roll.classes if row.name not in taken}
    whole = Counter(pupil.class_name for pupil in roll.pupils)
    remaining = Counter[str]()
    for (of, _), n in flows.items():
        remaining[of] += n
    candidates = sorted(
        (-n, known[of].number != rows[name].number, of, name)
        for (of, name), n in flows.items()
        if of in known and name in rows and 2 * n > whole[name] and 2 * n >= remaining[of]
    )
    found: dict[str, str] = {}
    for _, _, of, name in candidates:
        if of not in found.values():
            found.setdefault(name, of)
    return found
