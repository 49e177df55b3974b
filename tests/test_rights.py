"""Who may do what: each verb of the table, tried by each duty, in private and in a group, over a real morning."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from handlers import PEOPLE, decide
from handlers.model import Update
from handlers.outcome import Outcome
from handlers.sending import ENDS
from handlers.steps import STEPS
from storage.answers import Answers
from tests.small_district import EVERYBODY, LEADERS_GROUP, OTHER_GROUP, PHONES, STRANGER
from tests.stack import ZONE, Stack, hour

# the class in question is 中心小学三(1)班
TEACHERS = {"张敏", "何静"}  # 班主任, 任课教师
REPORTERS = {"李梅", "钱进"}  # 疫情报告人, 副报告人
SCHOOL = REPORTERS | {"吴晴", "周正"}  # 校医, 校长
OTHER_SCHOOL = {"郑华", "冯远"}  # 疫情报告人 and 校长 of 第二小学; 孙红 and 赵强 teach other classes
DISTRICT = {"陈刚", "褚亮", "卫东"}  # 管理员, 联络员, 学区领导
ALL = set(EVERYBODY)

WORDS = {"text", "file", "unreadable", "forwarded", "edited"}
COMMANDS = {"report", "correct", "supplement", "status", "help", "basis", "language", "today", "late", "invite"}
COMMANDS |= {"privacy", "thermometer", "leave", "health", "staff", "substitute", "consent", "viewed"}
COMMANDS |= {"papers", "gate_list", "reviewer"}
COMMANDS |= {"cases", "call", "travel", "observed", "intervals"}
COMMANDS |= {"ledger", "explain", "finding", "gate", "clinic", "note"}
ADMINS = {"returns", "remind", "summary", "bind", "unbind", "holiday", "rounds", "stage", "who"}
OF_AN_ALERT = {"recheck", "measured"}
OF_A_CASE = {"agree", "disagree", "unclear", "paper", "cert"}
OF_A_LEDGER = {"ledger", "entry", "explain", "why", "explained", "settle", "finding"}
OF_FOLLOWING = {"cases", "call", "follow_list", "ask_after", "contacted"}
SEEN = {"gate", "clinic", "note", "unsight"}
# 班主任, 任课教师; 疫情报告人, 校长; 联络员: not the 副报告人, the 校医, the 管理员 or a leader
LEDGER = TEACHERS | {"赵强", "孙红", "李梅", "周正", "郑华", "冯远", "褚亮"}
OF_A_CLASS = {"known", "card", "zero", "same", "ill", "fix", "more", "cancel", *ENDS, *STEPS}
OF_A_LEAVE = {"on_leave", "returned"}
OF_A_CONSENT = {"agreed", "disagreed"}
OF_A_SUBSTITUTE = {"hand_over", "days", "named"}
TO_ONE_PERSON = {"accept", "decline", "take_back", "take_list"}  # whose it is, the handler asks

MAY: dict[str, set[str]] = {
    **dict.fromkeys(WORDS | {"forged", "unchosen", "unasked", "not_me", "me"}, ALL),
    **dict.fromkeys(COMMANDS, ALL),
    **dict.fromkeys(("today", "late", "export", "staff"), SCHOOL | OTHER_SCHOOL | DISTRICT),
    "invite": {"陈刚", "李梅", "郑华"},
    "leave": {"陈刚", "李梅", "钱进", "郑华"},
    **dict.fromkeys(("ledger", "entry", "explain", "why", "explained"), LEDGER),
    "settle": {"李梅", "周正", "郑华", "冯远"},
    "finding": {"周正", "冯远", "褚亮"},
    **dict.fromkeys(("cases", "call", "follow_list"), ALL - DISTRICT),
    **dict.fromkeys(("ask_after", "contacted"), TEACHERS | REPORTERS | {"吴晴"}),
    **dict.fromkeys(("travel", "travelled"), ALL),  # of whom, the handler asks
    "observed": ALL - DISTRICT,
    "release": REPORTERS | {"吴晴"},
    "intervals": SCHOOL | OTHER_SCHOOL | DISTRICT,
    **dict.fromkeys(("gate", "unsight"), ALL - DISTRICT),
    "clinic": REPORTERS | {"吴晴", "郑华"},
    "note": TEACHERS | REPORTERS | {"赵强", "孙红", "郑华"},
    **dict.fromkeys(OF_A_LEAVE, REPORTERS | {"陈刚"}),
    **dict.fromkeys(OF_A_CONSENT, TEACHERS | REPORTERS),
    "viewed": {"周正", "冯远", "褚亮", "陈刚"},
    "substitute": TEACHERS | {"赵强", "孙红", "李梅", "钱进", "郑华", "陈刚"},
    **dict.fromkeys(OF_A_SUBSTITUTE, TEACHERS | REPORTERS | {"陈刚"}),
    **{verb: set() for verb in TO_ONE_PERSON},
    **dict.fromkeys(OF_A_CLASS, TEACHERS | REPORTERS),
    "behalf": REPORTERS,
    **dict.fromkeys(("ack", "seen"), SCHOOL | DISTRICT),
    **dict.fromkeys(OF_AN_ALERT, REPORTERS | {"吴晴"}),
    **dict.fromkeys(("cert", "no_cert"), ALL),
    **{verb: {"吴晴"} for verb in ("agree", "disagree", "unclear")},  # who can be reached; else others in their place
    "paper": REPORTERS | {"吴晴"},
    "papers": REPORTERS | {"吴晴", "郑华"},
    "gate_list": SCHOOL | OTHER_SCHOOL | DISTRICT,
    "reviewer": REPORTERS | {"周正"} | OTHER_SCHOOL,
    "thermometer": REPORTERS | {"吴晴", "郑华"},
    **{verb: {"陈刚"} for verb in (*ADMINS, "tomorrow")},
}
# personal in kind: in a group even those with the right are asked to write in private
ONLY_IN_PRIVATE = OF_A_CLASS | OF_A_LEAVE | OF_A_CONSENT | OF_A_SUBSTITUTE | TO_ONE_PERSON | OF_AN_ALERT
ONLY_IN_PRIVATE |= {*OF_A_CASE, "no_cert", "papers"} | OF_A_LEDGER | SEEN
ONLY_IN_PRIVATE |= OF_FOLLOWING | {"travel", "travelled", "observed", "release", "intervals"}
ONLY_IN_PRIVATE |= {
    "me",
    "health",
    "leave",
    "consent",
    "viewed",
    "substitute",
    "behalf",
    "report",
    "correct",
    "supplement",
    "privacy",
    "who",
    "invite",
    "export",
}
REFUSALS = {"answer.no_right", "answer.not_yours", "answer.in_private", "answer.stranger", "enrol.stranger"}
REFUSALS |= {"enrol.in_private"}


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """三(1)班 has reported a fever and a journey; it is half past seven. Rights are the handlers', so one database
    is enough."""
    stack = Stack(f"sqlite:///{tmp_path / 'zero.db'}")
    try:
        await stack.open()
        await stack.go(hour("07:30:10"))
        stack.write("张敏", "17号38.5在校留观")
        await stack.settle()
        stack.tap("张敏", "发送")
        await stack.settle()
        stack.write("张敏", "外出 5号 去武汉 8月29日离开 8月31日回来 中风险地区")
        await stack.settle()
        yield stack
    finally:
        await stack.close()


class Tries:
    """Decides without writing: every try meets the same morning."""

    def __init__(
        self, stack: Stack, class_id: str, alert: str, case: str, observation: str, people: dict[str, str]
    ) -> None:
        self._stack = stack
        self._class = class_id
        self._alert = alert
        self._case = case
        self._observation = observation
        self._people = people

    @classmethod
    async def at(cls, stack: Stack) -> "Tries":
        row = (await stack.rows("SELECT id, class FROM alert"))[0]
        people = await stack.rows("SELECT id, name FROM person")
        case = (await stack.rows("SELECT id FROM case_"))[0]["id"]
        observation = (await stack.rows("SELECT id FROM observation"))[0]["id"]
        return cls(stack, row["class"], row["id"], case, observation, {one["name"]: one["id"] for one in people})

    async def outcome(self, who: str, verb: str, group: int | None = None) -> Outcome:
        update = self._update(who, verb, str(group or PHONES[who]), private=group is None)
        return await self._stack.storage.read(lambda tx: decide(update, Answers(tx)))

    def _update(self, who: str, verb: str, chat: str, *, private: bool) -> Update:
        now = self._stack.clock.now()
        button = verb not in WORDS | COMMANDS | ADMINS
        return Update(
            id="try",
            lane="district",
            channel="telegram",
            sender=str(PHONES[who]),
            chat=chat,
            private=private,
            at=now,
            now=now,
            seed=bytes(16),
            zone=ZONE,
            verb=verb,
            args=self._args(who, verb),
            text="leaders" if verb in ("bind", "unbind") else "",
            tap="tap" if button else None,
        )

    def _args(self, who: str, verb: str) -> tuple[str, ...]:
        match verb:
            case "ack" | "recheck":
                return (self._alert,)
            case "seen":
                return (self._alert, "1")
            case "measured":
                return (self._alert, "0", "368")
            case "file":
                return ("photo", "remote")
            case _ if verb in OF_A_CASE | {"ask_after", "contacted"}:
                return (self._case, "0")
            case "release":
                return (self._observation, "released")
            case "not_me":
                return (self._people.get(who, ""),)
            case "export":
                return ("2026-09-01",)
            case "tomorrow":
                return ("2026-09-02", "off")
            case "bind" | "unbind":
                return ("leaders",)
            case _ if verb in OF_A_CONSENT:
                return (self._class, "all" if verb == "agreed" else "3")
            case _ if verb in OF_A_SUBSTITUTE:
                return (self._class, self._people["吴晴"], "20260901", "20260901")
            case _ if verb in OF_A_LEAVE:
                return (self._class, "nobody")
            case _ if verb in OF_A_CLASS | {"behalf"}:
                return (self._class, "20260901", "am", "0", "x")
            case _:
                return ()


def said(outcome: Outcome) -> set[str]:
    """By key: the sentences that whoever tried gets to see."""
    answer = outcome.answer.text.key if outcome.answer and outcome.answer.text else None
    return {message.text.key for message in outcome.says} | ({answer} if answer else set())


def refused(outcome: Outcome) -> bool:
    """A sentence and nothing else."""
    nothing = not (outcome.facts or outcome.drafts or outcome.puts)
    return nothing and len(said(outcome)) == 1 and said(outcome) <= REFUSALS


def silent(outcome: Outcome) -> bool:
    done = outcome.facts or outcome.drafts or outcome.puts or outcome.fetches
    return not (done or outcome.says or outcome.answer)


def without_right() -> Iterator[tuple[str, str]]:
    return ((verb, who) for verb, may in MAY.items() for who in EVERYBODY if who not in may)


def with_right() -> Iterator[tuple[str, str]]:
    return ((verb, who) for verb, may in MAY.items() for who in EVERYBODY if who in may)


def test_every_verb_has_its_line_here() -> None:
    assert set(MAY) == set(PEOPLE)


async def test_whoever_lacks_the_right_gets_a_sentence_and_nothing_happens(stack: Stack) -> None:
    tries = await Tries.at(stack)
    for verb, who in without_right():
        outcome = await tries.outcome(who, verb)
        assert refused(outcome), f"{verb} by {who}: {said(outcome)}"


async def test_whoever_has_the_right_is_not_refused(stack: Stack) -> None:
    tries = await Tries.at(stack)
    for verb, who in with_right():
        outcome = await tries.outcome(who, verb)
        assert not said(outcome) & REFUSALS, f"{verb} by {who}: {said(outcome)}"
        assert not silent(outcome), f"{verb} by {who}"


async def test_in_the_leaders_group_rights_are_no_wider(stack: Stack) -> None:
    tries = await Tries.at(stack)
    for verb, who in without_right():
        outcome = await tries.outcome(who, verb, LEADERS_GROUP)
        assert refused(outcome), f"{verb} by {who}: {said(outcome)}"


async def test_in_the_leaders_group_what_is_personal_is_not_done(stack: Stack) -> None:
    tries = await Tries.at(stack)
    for verb, who in with_right():
        outcome = await tries.outcome(who, verb, LEADERS_GROUP)
        if verb in ONLY_IN_PRIVATE:
            assert refused(outcome), f"{verb} by {who}: {said(outcome)}"
        if verb in WORDS:
            assert silent(outcome), f"{verb} by {who}: {said(outcome)}"


async def test_in_a_group_that_nobody_bound_commands_meet_silence(stack: Stack) -> None:
    tries = await Tries.at(stack)
    for verb in COMMANDS | ADMINS | WORDS:
        for who in (*EVERYBODY, STRANGER):
            if (verb, who) != ("bind", "陈刚"):
                assert silent(await tries.outcome(who, verb, OTHER_GROUP)), f"{verb} by {who}"


async def test_a_stranger_gets_one_sentence_and_no_data(stack: Stack) -> None:
    tries = await Tries.at(stack)
    for verb in MAY:
        assert refused(await tries.outcome(STRANGER, verb)), verb
        outcome = await tries.outcome(STRANGER, verb, LEADERS_GROUP)
        assert silent(outcome) if verb in WORDS else refused(outcome), f"{verb}: {said(outcome)}"
