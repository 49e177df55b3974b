"""Which pupil: the whole class on one keyboard, what is listed above it; and who is meant, where that is not sure."""

from handlers import travelling
from handlers.drafts import differs, may_send
from handlers.following.showing import case_line, case_rows
from handlers.frame import button, foot, head, note, read_meanwhile
from handlers.model import Choice, Choices, Draft, PupilRef, Text, Typed, in_rows, text
from handlers.questions import ListedBefore, OnLeave
from handlers.rules.names import Pupil
from handlers.scene import Scene
from handlers.words import NOTHING, away, day_short, entry_lines, findings, leave_until

A_SCREEN = 6  # rows of names under which both the words and the last row are still on a phone
A_PAGE = 45
ONE_PAGE = 60  # up to so many the whole class is on one keyboard


def names(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    sums = scene.sums(draft.entries) if draft.kind != "supplement" else None
    words = text(
        "walk.list",
        head=head(scene, draft),
        lines=_lines(scene, draft),
        sums=text("walk.sums", expected=sums.expected, present=sums.present, away=away(sums), found=findings(sums))
        if sums and (draft.entries or may_send(scene, draft))
        else NOTHING,
        mismatch=_mismatch(scene, draft),
        unread=_unread(draft),
        on_leave=_on_leave(scene, draft),
        note=note(scene, draft),
        ask=text(_ask(scene, draft)),
    )
    return words, tuple(_rows(scene, draft))


def _ask(scene: Scene, draft: Draft) -> str:
    if draft.unanswered:
        return "walk.ask_cases" if draft.open == "review" else "walk.ask_cases_more"
    if not may_send(scene, draft):
        return "walk.ask_first"
    return "walk.ask_review" if draft.open == "review" else "walk.ask_more"


def _rows(scene: Scene, draft: Draft) -> list[tuple[Choice, ...]]:
    """发送 first. After a sentence there are no names, so that what was read and 发送 are on the screen together;
    under a whole class it is in the last row too, which is where a phone shows a long message."""
    send = button(scene, draft, text("button.send"), "send")
    cancel = foot(scene, draft, back=False)
    if draft.unanswered:
        more = button(scene, draft, text("button.change_list"), "some_ill")
        names = [(more,)] if draft.open == "review" else _pupils(scene, draft)
        return [*_cases(scene, draft), *names, cancel]
    if not may_send(scene, draft):
        listed = (button(scene, draft, text("button.as_listed"), "as_listed"),)
        return [*([listed] if differs(scene, draft) else []), *_pupils(scene, draft), cancel]
    if draft.open == "review":
        return [(send,), (button(scene, draft, text("button.change_list"), "some_ill"),), cancel]
    names = _pupils(scene, draft)
    return [(send,), *names, (*cancel, send) if len(names) > A_SCREEN else cancel]


def _cases(scene: Scene, draft: Draft) -> list[tuple[Choice, ...]]:
    """Of whom something is still to be said; one word for all first, and one last."""
    cases = tuple(case for pupil in draft.unanswered if (case := scene.case_of(pupil)) is not None)
    rows = case_rows(scene, cases, lambda label, verb, pupil: button(scene, draft, label, verb, pupil))
    all_came = button(scene, draft, text("button.all_came"), "all_came")
    return [(button(scene, draft, text("button.as_before"), "as_before"),), *rows, (all_came,)]


def _lines(scene: Scene, draft: Draft) -> tuple[Text, ...]:
    """Who is listed, who is said to be back, and the open cases of whom nothing is said yet."""
    listed = {entry.pupil for entry in draft.entries}
    came = (pupil for pupil in draft.back if pupil not in listed)
    back = (text("case.back", pupil=PupilRef(pupil, scene.seat(pupil))) for pupil in came)
    cases = (case_line(scene, case) for pupil in draft.unanswered if (case := scene.case_of(pupil)) is not None)
    open_ = tuple(text("case.open", line=line) for line in cases)
    out = (travelling.line(scene, one) for one in travelling.known(scene, draft))
    return (*entry_lines(draft.entries, scene.seat, {}), *out, *back, *open_)


def _mismatch(scene: Scene, draft: Draft) -> Text | str:
    if not differs(scene, draft):
        return NOTHING
    sums = scene.sums(draft.entries)
    said_expected = sums.expected if draft.said_expected is None else draft.said_expected
    if draft.said_present is not None and draft.said_present > said_expected:
        return text("walk.present_above_expected", expected=said_expected, present=draft.said_present)
    return text(
        "walk.mismatch",
        said_expected=sums.expected if draft.said_expected is None else draft.said_expected,
        said_present=sums.present if draft.said_present is None else draft.said_present,
        expected=sums.expected,
        present=sums.present,
    )


def _unread(draft: Draft) -> Text | str:
    if not draft.unread:
        return NOTHING
    return text("walk.unread", words=Typed("”“".join(draft.unread), draft.person))


def _on_leave(scene: Scene, draft: Draft) -> tuple[Text, ...]:
    return tuple(not_expected(scene.on_leave[one]) for one in dict.fromkeys(draft.on_leave) if one in scene.on_leave)


def not_expected(one: OnLeave) -> Text:
    """17号 长假到10月8日: why a pupil who was named is not listed."""
    pupil = PupilRef(one.pupil.id, one.pupil.seat)
    return text("leave.not_expected", pupil=pupil, kind=text(f"leave.{one.kind}"), until=leave_until(one.until))


def _pupils(scene: Scene, draft: Draft) -> list[tuple[Choice, ...]]:
    """Three a row, yesterday's listed pupils first; pages only above 60."""
    listed = {entry.pupil for entry in draft.entries} | {one.pupil for one in draft.trips}
    known = scene.present | listed
    offered = [pupil for pupil in scene.everybody if pupil.id in known]
    before = scene.ask(ListedBefore(scene.view.klass.id, scene.day))
    order = sorted(offered, key=lambda pupil: pupil.id not in before)
    shown, pages = order, 1
    if len(order) > ONE_PAGE:
        pages = -(-len(order) // A_PAGE)
        shown = order[draft.page * A_PAGE : (draft.page + 1) * A_PAGE]
    buttons = [_pupil(scene, draft, pupil, pupil.id in listed) for pupil in shown]
    rows = [*in_rows(buttons, 3)]
    if pages > 1:
        rows.append(
            tuple(
                button(scene, draft, text("button.page", n=page + 1, of=pages), "page", page)
                for page in range(pages)
                if page != draft.page
            )
        )
    return rows


def _pupil(scene: Scene, draft: Draft, pupil: Pupil, listed: bool) -> Choice:
    label = text("button.listed" if listed else "button.pupil", pupil=PupilRef(pupil.id, pupil.seat, alone=True))
    return button(scene, draft, label, "pick", pupil.id, number=pupil.seat)


def who(scene: Scene, draft: Draft) -> tuple[Text, Choices]:
    """A name that fits several, or nobody; a number that may be a day: always asked."""
    unsure = draft.pending[0] if draft.pending else None
    said = text("walk.said", words=Typed(unsure.words, draft.person)) if unsure else NOTHING
    pupils, day = (unsure.pupils, unsure.day) if unsure else (draft.choices, None)
    rows: list[tuple[Choice, ...]]
    rows = [(_candidate(scene, draft, pupil),) for pupil in pupils] or _pupils(scene, draft)
    if day is not None:
        rows.append((button(scene, draft, text("button.a_day", day=day_short(day)), "nobody", "a_day"),))
    rows.append((button(scene, draft, text("button.nobody"), "nobody"),))
    rows.append(foot(scene, draft))
    ask = text("walk.ask_seat_or_day" if day else "walk.ask_who")
    lines, wrong = read_meanwhile(scene, draft), note(scene, draft)
    return text("walk.who", head=head(scene, draft), lines=lines, said=said, note=wrong, ask=ask), tuple(rows)


def _candidate(scene: Scene, draft: Draft, pupil: str) -> Choice:
    seat = scene.seat(pupil)
    label = text("button.pupil", pupil=PupilRef(pupil, seat, alone=True))
    return button(scene, draft, label, "pick", pupil, number=seat)
