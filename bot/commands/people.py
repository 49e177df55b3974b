"""`invite --admin` and `roster invites`: one-time codes, made in the inbox and told to whoever sits at the machine."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.channels import ChannelError
from bot.channels.telegram import Telegram
from bot.commands import Say
from bot.config import Config, ConfigError
from bot.letters import written
from bot.machine import Machine
from bot.session import LINKS
from bot.texts import Words
from bot.workbook import save_private
from handlers import ids
from handlers.enrol.invites import Invitee, link, unbound, waiting, workbook
from handlers.model import Update, Workbook
from handlers.questions import DeepLinks, RulesOn
from storage import Tx
from storage.answers import Answers


async def invite_admin(machine: Machine, words: Words, say: Say, *, instead: bool) -> None:
    """`instead`: of every admin who was made at the machine before."""
    arrival = machine.arrival("invite_admin", ("instead",) if instead else ())
    await machine.tell([arrival])
    today = machine.today()
    prefix = await _address(machine)
    days = await machine.storage.read(lambda tx: Answers(tx)(RulesOn(today)).invite_days)
    code = ids.code(arrival.seed, ids.new_id(arrival.seed, "admin"))
    say(words.say("machine.admin", {"days": days, "link": link(prefix, code)}))
    if not prefix:
        say(words.say("machine.no_link_wecom" if _only_wecom(machine.config) else "machine.no_link"))


async def write_invites(machine: Machine, out: Path, words: Words, say: Say) -> None:
    """Raises OSError. The file is written before the codes hold: a full disk makes no older code void."""
    prefix = await _address(machine)
    arrival = machine.arrival("invites")
    update = machine.update(arrival, "invites")
    people, held, book = await machine.storage.read(lambda tx: _book(tx, update, prefix, out.stem))
    if not people:
        say(words.say("machine.no_invites"))
        return
    # in Chinese on every machine: its rows are forwarded to the staff of the schools
    save_private(out, written(book, Words("zh"), machine.now()))
    await machine.tell([arrival])
    say(words.say("machine.invites", {"n": len(people), "file": str(out)}))
    if held:
        say(words.say("machine.invites_void", {"n": held}))
    if not prefix:
        say(words.say("machine.invites_wecom" if _only_wecom(machine.config) else "machine.invites_no_link"))


def _book(tx: Tx, update: Update, prefix: str, name: str) -> tuple[Sequence[Invitee], int, Workbook]:
    """Who is invited, how many of them hold an older code, and the file."""
    ask = Answers(tx)
    people = unbound(ask, None, update.today)
    expires = (update.at + timedelta(days=ask(RulesOn(update.today)).invite_days)).astimezone(update.zone)
    book = workbook(people, update.seed, prefix, f"{expires:%Y-%m-%d %H:%M}", name)
    return people, len(waiting(ask, people, update.at)), book


def _only_wecom(config: Config) -> bool:
    """Then there will never be a link."""
    try:
        return config.channels == ("wecom",)
    except ConfigError:
        return False


async def _address(machine: Machine) -> str:
    """To which a code is appended, of the one channel there is. Before the bot's first start the platform is asked;
    nothing where it cannot be."""
    known = await machine.storage.read(lambda tx: Answers(tx)(DeepLinks()))
    if known:
        return next(iter(known.values()))
    try:
        channel = Telegram(machine.config.token, machine.config.telegram.base_url, machine.clock)
    except (ConfigError, ChannelError):
        return ""
    try:
        await channel.open()
    except ChannelError:
        return ""
    finally:
        await channel.close()
    prefix = LINKS[channel.name].format(channel.username)
    await machine.tell([machine.arrival("link", (channel.name, prefix))])
    return prefix
