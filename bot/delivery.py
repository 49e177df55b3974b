"""What became of a letter, as rows: commit 3. What a handler must hear of goes into the inbox with it."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from bot.channels import (
    Barred,
    Capabilities,
    ChannelError,
    Gone,
    Shown,
    Spent,
    TryLater,
    Unauthorized,
    Unknown,
    Unreachable,
)
from bot.letters import Letter
from bot.listener import SEED_BYTES
from handlers.model import Urgency
from storage import Tx, inbox, mail
from storage.mail import Due, Standing

log = logging.getLogger(__name__)

SHORTEST = timedelta(seconds=1)
AFTER_MOVE = timedelta(seconds=2)  # until a turn has put the group's new id in its address row
REPEAT = timedelta(seconds=15)  # a platform that answers nobody often does so for a while
LONGEST = timedelta(seconds=60)


def record(
    tx: Tx, letter: Letter, outcome: Shown | ChannelError, at: datetime, now: datetime, can: Capabilities
) -> bool:
    """`outcome` is what is shown, or why nothing is; `at` when it went out. True when the turn has work."""
    due = letter.due
    if isinstance(outcome, Shown | Unknown):
        mail.sent(tx, due.address, at)
    match outcome:
        case Shown():
            if letter.rest:
                mail.page_shown(tx, due, outcome.ref)
            else:
                mail.shown(tx, due, _standing(outcome, at, can), now)
        case Unknown():
            _unknown(tx, letter, outcome, now, can)
        case Barred():
            mail.later(tx, due, now + timedelta(seconds=outcome.seconds), str(outcome))
            log.info("message %s waits for the platform's console", due.key)
            return tell_admins(tx, due.channel, str(outcome), now)
        case TryLater():
            mail.later(tx, due, now + _pause(outcome, due), str(outcome))
        case Unreachable():
            return _unreachable(tx, due, outcome, now)
        case Gone() if letter.ref is not None and due.quiet and not can.edits_text:
            mail.used(tx, due)
            mail.never(tx, due, "it can no longer be edited, and is not worth another message")
        case Gone() if letter.ref is not None:
            if isinstance(outcome, Spent):
                mail.used(tx, due)
            mail.anew(tx, due, str(outcome))
        case Unauthorized():
            pass  # it stays due: a person mends what the platform refuses
        case _:
            mail.never(tx, due, str(outcome))
            log.error("message %s can never be shown: %s", due.key, outcome)
    return False


def _standing(shown: Shown, at: datetime, can: Capabilities) -> Standing:
    edit_until = None if can.edits_text else at + can.edit_life
    return Standing(shown.ref, shown.edit_code, edit_until, shown.numbered, can.numbers)


def _pause(why: TryLater, due: Due) -> timedelta:
    """Who is only busy is asked again soon, and less and less often; else the platform has said when."""
    span = max(SHORTEST, timedelta(seconds=why.seconds))
    return span if why.whole or why.limit else max(span, _backed_off(span, due))


def _backed_off(span: timedelta, due: Due) -> timedelta:
    """Twice as long with each try, up to a minute."""
    return min(LONGEST, span * (1 << min(due.tries, 6)))


def _unknown(tx: Tx, letter: Letter, why: Unknown, now: datetime, can: Capabilities) -> None:
    """An edit may be repeated at will, and a send where the platform shows an equal one once; else once, marked. An
    alert is worth more repeats than that. Of several pages one alone is given up: the words behind a picture come."""
    due = letter.due
    edits = letter.ref is not None and (due.private or can.edits_text)
    if edits or not can.may_show_twice(private=due.private) or due.urgency is Urgency.ALERT:
        mail.later(tx, due, now + _backed_off(SHORTEST, due), str(why), unknown=True)
    elif due.unknown == 0:
        mail.later(tx, due, now + REPEAT, str(why), unknown=True)
    elif letter.rest:
        mail.page_given_up(tx, due, now, str(why))
        log.error("a page of message %s may not have been shown, twice: %s", due.key, why)
    else:
        mail.never(tx, due, str(why))
        log.error("message %s may not have been shown, twice: %s", due.key, why)


def _unreachable(tx: Tx, due: Due, why: Unreachable, now: datetime) -> bool:
    if why.moved_to is not None:
        mail.later(tx, due, now + AFTER_MOVE, str(why))
        return _tell(tx, due, "moved", why.moved_to, now)
    mail.never(tx, due, str(why))
    return _tell(tx, due, "lost", _kind(why), now)


def _kind(why: Unreachable) -> str:
    if why.unheard:
        return "unheard"
    return "blocked" if "blocked" in str(why) else "gone"


def _tell(tx: Tx, due: Due, verb: str, what: str, now: datetime) -> bool:
    lane = inbox.lane_of(tx, due.channel, due.native, None)
    # the version makes it unique: who blocks us again tomorrow is lost again
    native = f"{verb}:{_unnamed(due.address)}:{due.key}:{due.want}"
    args = (due.channel, due.native, what)
    return inbox.put(tx, [inbox.own(lane, "postman", native, verb, args, "", _seed())], now) > 0


def _unnamed(address: str) -> str:
    """A row's id is logged, and an address says who somebody is on the platform: often their name in letters."""
    return hashlib.sha256(address.encode()).hexdigest()[:12]


def tell_admins(tx: Tx, channel: str, why: str, now: datetime) -> bool:
    """Once a day for each of the platform's codes, with which its words begin."""
    native = f"barred:{channel}:{why.partition(' ')[0]}:{now:%Y%m%d}"
    new = inbox.put(tx, [inbox.own(inbox.DISTRICT, "postman", native, "barred", (), why, _seed())], now) > 0
    if new:
        log.error("%s waits for somebody to mend this: %s", channel, why)
    return new


def watch(tx: Tx, now: datetime) -> bool:
    """Withdraws what is no longer wanted, and passes on which alerts have not arrived. True when the turn has work."""
    mail.expire(tx, now)
    arrivals = [
        inbox.own(
            inbox.lane_of(tx, "", "", key.split(":")[1] if ":" in key else None),
            "postman",
            f"undelivered:{key}:{_unnamed(address)}",
            "undelivered",
            (key, address),
            "",
            _seed(),
        )
        for key, address in mail.late_alerts(tx, now)
    ]
    return inbox.put(tx, arrivals, now) > 0


def _seed() -> bytes:
    return secrets.token_bytes(SEED_BYTES)
