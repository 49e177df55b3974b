"""更多: how they were asked, how the child is, since when a doctor has seen them, of what. The buttons carry what was
chosen, so that nothing is kept until 记下."""

from handlers.following.contacting import here, older
from handlers.following.lists import Lists, lists_of
from handlers.following.said import Said, code, read_code
from handlers.following.showing import case_line
from handlers.model import Case, Choice, Choices, How, Learnt, Person, PupilRef, Text, Update, choice, in_rows, text
from handlers.outcome import Outcome, pop_up
from handlers.questions import Ask, CaseBy, RulesOn
from handlers.values import replace
from handlers.words import DEGREES, degrees, literal

A_ROW = 4
CAUSES_A_ROW = 2


def ask_after(update: Update, ask: Ask, person: Person) -> Outcome:
    """`ask_after CASE N SAID`: the page with what is chosen so far; with `causes` after it, the list of causes."""
    case = ask(CaseBy(update.args[0], update.today)) if len(update.args) in (3, 4) else None
    said = read_code(update.args[2]) if case else None
    if case is None or said is None:
        return pop_up(text("answer.unknown_button"))
    lists = lists_of(update, ask, case.school)
    if case.ended is not None or update.args[1] != str(case.contacts):
        return older(lists, person, case)
    shown = here(lists, person)
    words, choices = _causes(lists, case, said) if len(update.args) == 4 else _page(lists, case, said)
    return Outcome(says=(replace(shown, text=words, choices=choices),))


def _words(lists: Lists, case: Case, key: str) -> Text:
    task = next(task for task in lists.tasks if task.case.id == case.id)
    return text(
        key,
        klass=task.klass.name,
        pupil=PupilRef(case.pupil, case.seat),
        line=case_line(lists.scene(task), case),
    )


def _page(lists: Lists, case: Case, said: Said) -> tuple[Text, Choices]:
    warm = _temperatures(case, said)
    rows = (
        _hows(case, said) if case.away else (),
        _feelings(case, said),
        *in_rows(warm, A_ROW),
        _visits(case, said),
        (_chosen_cause(lists, case, said), choice(text("button.back"), "follow_list", case.class_id)),
        (choice(text("button.note_down"), "contacted", case.id, case.contacts, code(said)),),
    )
    return _words(lists, case, "follow.page"), tuple(row for row in rows if row)


def _hows(case: Case, said: Said) -> tuple[Choice, ...]:
    ways = (How.PHONE, How.WECHAT, How.VISIT, How.UNREACHED)
    return tuple(_option(case, text(f"contact.{one}"), replace(said, how=one), chosen=said.how is one) for one in ways)


def _feelings(case: Case, said: Said) -> tuple[Choice, ...]:
    found = []
    for one in (Learnt.SAME, Learnt.BETTER, Learnt.UNWELL):
        chosen = said.learnt is one
        after = replace(said, learnt=None if chosen else one)
        found.append(_option(case, text(f"learnt.{one}"), after, chosen=chosen))
    return tuple(found)


def _temperatures(case: Case, said: Said) -> tuple[Choice, ...]:
    """不发热 first; a value in its place, and the other way round."""
    none = replace(said, tenths=None, afebrile=not said.afebrile)
    found = [_option(case, text("learnt.afebrile"), none, chosen=said.afebrile)]
    for one in DEGREES:
        chosen = said.tenths == one
        after = replace(said, tenths=None if chosen else one, afebrile=False)
        found.append(_option(case, literal(degrees(one)), after, chosen=chosen))
    return tuple(found)


def _visits(case: Case, said: Said) -> tuple[Choice, ...]:
    found = []
    for days in (0, 1):
        chosen = said.visited == days
        after = replace(said, visited=None if chosen else days)
        found.append(_option(case, text(f"button.visited_{days}"), after, chosen=chosen))
    return tuple(found)


def _option(case: Case, label: Text, after: Said, *, chosen: bool) -> Choice:
    """What is chosen already is taken back by its button; how they were asked is always said."""
    shown = text("button.chosen", label=label) if chosen else label
    return choice(shown, "ask_after", case.id, case.contacts, code(after))


def _chosen_cause(lists: Lists, case: Case, said: Said) -> Choice:
    rule = lists.ask(RulesOn(lists.day)).returns.get(said.cause) if said.cause else None
    label = text("button.chosen", label=text("case.cause", name=rule.name)) if rule else text("button.its_cause")
    return choice(label, "ask_after", case.id, case.contacts, code(said), "causes")


def _causes(lists: Lists, case: Case, said: Said) -> tuple[Text, Choices]:
    causes = [
        choice(
            text("case.cause", name=rule.name),
            "ask_after",
            case.id,
            case.contacts,
            code(replace(said, cause=one)),
        )
        for one, rule in lists.ask(RulesOn(lists.day)).causes.items()
    ]
    rows = in_rows(causes, CAUSES_A_ROW)
    back = choice(text("button.back"), "ask_after", case.id, case.contacts, code(said))
    return _words(lists, case, "follow.cause"), (*rows, (back,))
