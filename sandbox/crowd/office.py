"""What the office does: 已知悉 on alerts, reports on behalf from the list, questions; and what outsiders try."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sandbox.crowd.cases import NO, YES, Register, Review
from sandbox.crowd.filling import SEND, SOON, fill, step
from sandbox.crowd.following import MORE, account
from sandbox.crowd.hand import Hand, Stuck, exactly, labelled, plain, words
from sandbox.crowd.illness import ARMPIT, Listed
from sandbox.crowd.people import Key, Member, SchoolClass
from sandbox.crowd.plan import Plan
from sandbox.crowd.record import Record, Sighting
from sandbox.crowd.teaching import A_MINUTE, ZERO
from sandbox.crowd.week import StandIn
from sandbox.model import Message

ACKNOWLEDGE: Final = words("已知悉")
RECHECK: Final = words("填复测")
STILL: Final = 381  # tenths of ℃
ALERT: Final = "🔴"
LATE: Final = "/late"
ACCEPT: Final = words("接受代班")
REVIEW: Final = "🏥 复课复核"
AGREE: Final = exactly("同意返校")
DISAGREE: Final = exactly("不同意")
HOW_WARM: Final = re.compile("复测.*(?:量得|体温)多少", re.S)
BY_NOW: Final = re.compile("明天：上学|发晨检卡片")
SCHOOL_TOMORROW: Final = words("明天改为上学")
HALF_AN_HOUR: Final = timedelta(minutes=30)
BY_PHONE: Final = words("电话")
ILL: Final = words("有异常")
HOUR: Final = re.compile(r"\d\d:\d\d")
_REVIEWED: Final = re.compile(r"复核 · (\S+班)\n(\d+)号")
_WHOSE: Final = re.compile(r"(?:｜|^)([^\s｜]+?班)[\s　]+(\d+)号", re.M)


def alerts_of(message: Message, school: str) -> list[tuple[Key, int]]:
    """Class and seat of each pupil that an alert names."""
    found = [(Key(school, one[1]), int(one[2])) for one in _WHOSE.finditer(message.text)]
    if not found:
        raise Stuck(f"an alert that names nobody: {message.text[:40]!r}")
    return found


async def acknowledge(
    hand: Hand, message: Message, school: str, who: Member, record: Record, post: Message | None = None
) -> None:
    """Once it has been read; not where somebody else has seen to it, or it was taken back. `post` tells of whom it is
    where the message itself does not."""
    current = hand.look(message)
    if current is None or not any(ACKNOWLEDGE(button.text) for row in current.keyboard for button in row):
        return
    hand.press(current, ACKNOWLEDGE)
    for key, seat in alerts_of(current if post is None else hand.look(post) or post, school):
        record.acknowledges(key, seat, hand.now(), who)


async def recheck(hand: Hand, plan: Plan, who: Member, record: Record) -> None:
    """填复测 on the alert: measured at the armpit it is a fever still. Who measures again has seen to it."""
    key, first = plan.klass.key, plan.listed[0]
    others = (one for one in record.classes[key].versions[-1].listed if one.seat != first.seat)
    card = hand.newest(RECHECK, f"{key.name} {first.seat}号")
    if card is None:
        raise Stuck(f"has no alert of {key.name} to measure again")
    hand.press(card, RECHECK)

    def asked() -> Message | None:
        return next((one for one in hand.all() if one.id > card.id and HOW_WARM.search(one.text)), None)

    if await hand.see(asked) is None:
        raise Stuck("is not asked how warm")
    await hand.pause(*SOON)
    hand.write(f"{STILL / 10:.1f}")
    again = replace(first, temperature=STILL, method=ARMPIT)
    record.says(key, hand.now(), who, (again, *others), "recheck")
    record.acknowledges(key, first.seat, hand.now(), who)

    def done() -> Message | None:
        return next((one for one in hand.all() if one.id > card.id and "复测已记录" in one.text), None)

    if await hand.see(done, A_MINUTE) is None:
        raise Stuck("never saw 复测已记录")


async def review(hand: Hand, card: Message, who: Member, register: Register, record: Record) -> None:
    """同意返校 or 不同意 of a child in the observation room. Who is let in is present from then on."""
    found = _REVIEWED.search(card.text)
    if found is None:
        raise Stuck(f"a review of nobody: {card.text[:60]!r}")
    key, seat = Key(who.school, found[1]), int(found[2])
    case = next(one for one in register.of(key) if one.seat == seat)
    verdict = NO if case.too_early(hand.now()) else YES
    hand.press(card, DISAGREE if verdict == NO else AGREE)
    record.reviews.append(Review(key, seat, verdict, hand.now(), who))
    if verdict == YES:
        stands = record.classes[key].versions[-1].listed
        listed = (_let_in(one) if one.seat == seat else one for one in stands)
        record.says(key, hand.now(), who, tuple(one for one in listed if one is not None), "clearance")


def _let_in(one: Listed) -> Listed | None:
    """Present; still listed if anything is known of them."""
    said = one.temperature is not None or one.afebrile or one.symptoms
    return replace(one, absence=None, place=None, cause=None) if said else None


async def hand_over(hand: Hand, one: StandIn) -> None:
    """代班: a sentence to the bot; the name once more where it asks for it."""
    day = f"{one.until.month}月{one.until.day}日"
    written = hand.write(f"代班 {one.klass.key.name} {one.member.name} 到{day}")

    def answer() -> Message | None:
        return next((one for one in hand.all() if one.id > written.id and "代班" in one.text), None)

    def handed() -> Message | None:
        return next((one for one in hand.all() if one.id > written.id and plain(one.text).startswith("代班｜")), None)

    answered = await hand.see(answer)
    if answered is not None and labelled(answered, exactly(one.member.name)) is not None:
        await hand.pause(*SOON)
        hand.press(answered, exactly(one.member.name))
    if await hand.see(handed) is None:
        raise Stuck(f"could not hand {one.klass.key.name} over")


async def take_over(hand: Hand, one: StandIn) -> None:
    asked = hand.newest(ACCEPT, one.klass.key.name)
    if asked is None:
        raise Stuck(f"was not asked to stand in for {one.klass.key.name}")
    hand.press(asked, ACCEPT)


async def sees_at_the_gate(hand: Hand, klass: SchoolClass, record: Record) -> None:
    seat = hand.dice.choice(klass.pupils).seat
    written = hand.write(f"/gate {klass.key.name}{seat}号 {STILL / 10:.1f}")
    record.sightings.append(Sighting(klass.key, seat))

    def kept() -> Message | None:
        return next((one for one in hand.all() if one.id > written.id and "登记" in one.text), None)

    if await hand.see(kept) is None:
        raise Stuck("could not tell of a fever at the gate")


async def behalf(hand: Hand, plan: Plan, who: Member, record: Record) -> None:
    """代报 from the list: how and when it was heard, then as a teacher would."""
    key = plan.klass.key
    wanted = words(f"代报 {key.name}")
    late = hand.newest(wanted)
    if late is None:
        raise Stuck(f"has no list with {key.name}")
    late = await hand.fresh(late, wanted, ask=LATE)
    before = {message.id for message in hand.all()}
    hand.press(late, wanted)

    def walk() -> Message | None:
        found = hand.newest(BY_PHONE, key.name)
        return found if found is not None and found.id not in before else None

    screen = await hand.see(walk)
    if screen is None:
        raise Stuck(f"cannot report on behalf of {key.name}")
    screen = await step(hand, screen, BY_PHONE)
    heard = next(button.text for row in screen.keyboard for button in row if HOUR.fullmatch(button.text))
    screen = await step(hand, screen, exactly(heard))
    screen, still = await account(hand, screen, plan.words)
    if plan.listed:
        screen = await fill(hand, await step(hand, screen, MORE if plan.words else ILL), plan.listed)
    await hand.pause(*SOON)
    hand.press(screen, SEND if plan.listed or plan.words else ZERO)
    record.says(key, hand.now(), who, (*still, *plan.listed), "behalf", heard)
    if await hand.see(lambda: hand.confirmed(screen), A_MINUTE) is None:
        raise Stuck(f"never saw ✅ 已报 of {key.name}")


async def ask(hand: Hand, command: str, who: Member, record: Record) -> None:
    """A command, and a wait for its answer."""
    written = hand.write(command)
    record.asked.append((command, who, hand.now()))

    def answered() -> Message | None:
        return next((one for one in hand.all() if one.id > written.id and one.sender == 0), None)

    if await hand.see(answered, A_MINUTE) is None:
        raise Stuck(f"no answer to {command}")


async def closes(hand: Hand, key: Key, day: date, record: Record) -> None:
    """Chickenpox: the admin closes a class on the same morning."""
    written = hand.write(f"/holiday {key.school} {key.name} {day.month}月{day.day}日 水痘停课")
    record.off[key] = hand.now()

    def answered() -> Message | None:
        return next((one for one in hand.all() if one.id > written.id and "水痘停课" in one.text), None)

    if await hand.see(answered) is None:
        raise Stuck(f"could not close {key.name}")


async def evening(hand: Hand, tomorrow: date, record: Record) -> None:
    """The admin says that tomorrow is a holiday; hears at 17:00 what will come of that; takes it back with one tap."""
    hand.write(f"/holiday {tomorrow.month}月{tomorrow.day}日 校庆")
    record.tomorrow = "holiday"
    told = await hand.see(lambda: hand.newest(SCHOOL_TOMORROW), HALF_AN_HOUR)
    if told is None:
        raise Stuck("never heard of tomorrow")
    await hand.pause(20, 40)
    hand.press(told, SCHOOL_TOMORROW)
    record.tomorrow = "school"
    if await hand.see(lambda: hand.read(told, BY_NOW)) is None:
        raise Stuck("did not hear that tomorrow is a school day")


async def strangers_question(hand: Hand, record: Record) -> None:
    written = hand.write("您好，请问三(2)班今天有孩子发烧吗？")
    await hand.pause(20, 30)
    answers = [one.text for one in hand.all() if one.id > written.id and one.sender == 0]
    record.odd.append(("a stranger's question", "｜".join(answers)))


async def forge(hand: Hand, card: Message, data: str, record: Record) -> None:
    since = hand.all()[-1].id
    tap = hand.forge(card, data)
    await hand.pause(10, 20)
    record.odd.append(("a button that was not given", hand.told(tap, since)))
