"""`python -m bot …`: the commands and their options. What they do is imported only when they are called."""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.config import Config
    from bot.machine import Machine

UNABLE = 2  # the exit code of what could not even start
TAKEN_OVER = 3  # of a bot in whose place another has come: to start it again would throw that one out

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="零报告 Zero Report")
roster = typer.Typer(no_args_is_help=True, help="花名册: who there is, and who answers for whom.")
app.add_typer(roster, name="roster")
audit = typer.Typer(no_args_is_help=True, help="存证: whether what was recorded is as it was.")
app.add_typer(audit, name="audit")
person = typer.Typer(no_args_is_help=True, help="What is kept of one person.")
app.add_typer(person, name="person")
wecom = typer.Typer(no_args_is_help=True, help="企业微信: what its own console knows of the staff.")
app.add_typer(wecom, name="wecom")


storage = typer.Typer(no_args_is_help=True, help="数据库: where all of it is kept.")
app.add_typer(storage, name="storage")


class Platform(StrEnum):
    """Where a practice district lives."""

    TELEGRAM = "telegram"
    WECOM = "wecom"


ConfigFile = Annotated[Path | None, typer.Option("--config", help="Instead of config.toml in this folder.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day on which it holds; today.")]


@app.command()
def run(
    config: ConfigFile = None,
    listen: Annotated[bool, typer.Option("--listen", help="Hear what people write and tap.")] = False,
    work: Annotated[bool, typer.Option("--work", help="Decide about it.")] = False,
    post: Annotated[bool, typer.Option("--post", help="Say what is to be said.")] = False,
    tick: Annotated[bool, typer.Option("--tick", help="Keep the hours.")] = False,
    rehearse: Annotated[
        datetime | None, typer.Option(help="Practice: pretend that it is this instant, in the district's zone.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.01, help="Practice: how many times as fast time goes.")] = 1.0,
    anchor: Annotated[
        float | None, typer.Option(help="Practice: the real instant (Unix seconds) of --rehearse; now.")
    ] = None,
) -> None:
    """The bot, until it is told to stop. Without --listen, --work, --post or --tick it does all four; several
    processes on one PostgreSQL database share them (docs/operations.md)."""

    def serving() -> Coroutine[Any, Any, None]:
        gc.disable()  # what is loaded now is no garbage; once it runs, settle_down lets the collector in
        from bot.app import EVERY, Role, serve
        from bot.clock import AffineClock, SystemClock

        wanted = {Role.LISTEN: listen, Role.WORK: work, Role.POST: post, Role.TICK: tick}
        roles = frozenset(role for role, chosen in wanted.items() if chosen) or EVERY
        settings = _config(config)
        if rehearse is None:
            return serve(settings, SystemClock(), roles)
        return serve(settings, AffineClock(rehearse.replace(tzinfo=settings.zone), speed, anchor), roles)

    _finish(serving, logging.INFO)


@app.command()
def check(config: ConfigFile = None) -> None:
    """Tries all that the bot rests on, and says where what is missing is mended; then the exit code is 1."""

    async def work() -> None:
        from bot.commands import words
        from bot.commands.check import check

        if not await check(_config(config), _clock(), words(), typer.echo, config):
            raise typer.Exit(1)

    _finish(work)


@app.command()
def invite(
    admin: Annotated[bool, typer.Option("--admin", help="A new 管理员.")] = False,
    instead: Annotated[
        bool, typer.Option("--instead", help="And end those made here before: a lost phone, somebody who has left.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """A one-time link for the first admin, or for one who has lost everything. Others: /invite, or roster invites."""
    if not admin:
        raise typer.BadParameter("only admins are invited from the machine: add --admin.")

    async def work(machine: "Machine") -> None:
        from bot.commands import people, words

        await people.invite_admin(machine, words(), typer.echo, instead=instead)

    _at_machine(config, work)


@roster.command("import")
def roster_import(
    file: Path,
    file2: Annotated[Path | None, typer.Argument(help="The second table, where they are two CSV files.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it, without asking.")] = False,
    since: Day = None,
    config: ConfigFile = None,
) -> None:
    """Shows what the office's file would change, asks, and brings it in."""

    async def work(machine: "Machine") -> None:
        from bot.commands import words
        from bot.commands.roster import import_roster

        def agreed() -> bool:
            return yes or (sys.stdin.isatty() and typer.confirm(words().say("machine.ask")))

        files = [one for one in (file, file2) if one is not None]
        await import_roster(machine, files, _date(since), words(), typer.echo, agreed)

    _at_machine(config, work)


@roster.command("promote")
def roster_promote(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day of the new school year; today.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it, without asking.")] = False,
    config: ConfigFile = None,
) -> None:
    """Shows every class's new name and who leaves, asks, and moves the classes up. Once a year."""

    async def work(machine: "Machine") -> None:
        from bot.commands import words
        from bot.commands.promote import promote

        def agreed() -> bool:
            return yes or (sys.stdin.isatty() and typer.confirm(words().say("machine.promote_ask")))

        await promote(machine, _date(on), words(), typer.echo, agreed)

    _at_machine(config, work)


@roster.command("template")
def roster_template(file: Annotated[Path, typer.Argument()] = Path("花名册.xlsx")) -> None:
    """Writes an empty workbook with notes."""

    async def work() -> None:
        from bot.commands import words
        from bot.roster.template import template

        template(file)
        typer.echo(words().say("machine.template", {"file": str(file)}))

    _finish(work)


@roster.command("invites")
def roster_invites(
    out: Annotated[Path, typer.Option(help="The workbook to write, readable by you only.")], config: ConfigFile = None
) -> None:
    """A one-time link for everybody who is not bound yet, a sheet a school."""

    async def work(machine: "Machine") -> None:
        from bot.commands import people, words

        await people.write_invites(machine, out, words(), typer.echo)

    _at_machine(config, work)


@audit.command("verify")
def audit_verify(
    caption: Annotated[str | None, typer.Option(help="The 存证 of a caption: says also which seal that is.")] = None,
    config: ConfigFile = None,
) -> None:
    """Checks every fact and every seal and names the first that was changed; then the exit code is 1."""

    async def work(machine: "Machine") -> None:
        from bot.commands import audit, words

        await audit.verify(machine, words(), typer.echo)
        if caption is not None:
            await audit.caption(machine, caption, words(), typer.echo)

    _at_machine(config, work)


@person.command("erase")
def person_erase(
    who: Annotated[str, typer.Argument(help="学号 or 工号, or the id.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it, without asking.")] = False,
    config: ConfigFile = None,
) -> None:
    """Erases whoever has left the roll: name, health, messages, and the facts that name them; counts stay."""

    async def work(machine: "Machine") -> None:
        from bot.commands import persons, words

        def agreed() -> bool:
            return yes or (sys.stdin.isatty() and typer.confirm(words().say("machine.person_ask")))

        await persons.erase(machine, who, words(), typer.echo, agreed)

    _at_machine(config, work)


@person.command("export")
def person_export(
    who: Annotated[str, typer.Argument(help="学号 or 工号, or the id.")],
    out: Annotated[Path, typer.Option(help="The JSON file to write, readable by you only.")],
    config: ConfigFile = None,
) -> None:
    """Everything that is kept of one person, for whoever has the right to see it; recorded as a view."""

    async def work(machine: "Machine") -> None:
        from bot.commands import persons, words

        await persons.export(machine, who, out, words(), typer.echo)

    _at_machine(config, work)


@wecom.command("directory")
def wecom_directory(
    out: Annotated[Path, typer.Option(help="The workbook to write, readable by you only.")] = Path("通讯录核对表.xlsx"),
    apply: Annotated[Path | None, typer.Option(help="The workbook, settled: bind and stop as it says.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="With --apply: do it, without asking.")] = False,
    config: ConfigFile = None,
) -> None:
    """Holds 通讯录 against the roster and writes who is who as a workbook; nothing changes without --apply."""

    async def work(machine: "Machine") -> None:
        from bot.commands import directory, words

        def agreed() -> bool:
            return yes or (sys.stdin.isatty() and typer.confirm(words().say("directory.ask")))

        members = await directory.fetched(machine)
        if apply is None:
            await directory.write(machine, members, out, words(), typer.echo)
        else:
            await directory.apply(machine, members, apply, words(), typer.echo, agreed)

    _at_machine(config, work)


@storage.command("copy")
def storage_copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="As in [storage] url. No bot runs on it.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same, of an empty database.")],
) -> None:
    """Copies all from one database to another, SQLite or PostgreSQL, and checks every row's place and every seal."""

    async def work() -> None:
        from bot.commands import words
        from bot.commands.moving import move

        await move(source, target, words(), typer.echo)

    _finish(work)


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The workbook to write, readable by you only.")],
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    until: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day, today at the latest.")],
    school: Annotated[str | None, typer.Option(help="One school, by its name; all of them without.")] = None,
    config: ConfigFile = None,
) -> None:
    """The figures of each class on each school day as a workbook, without anybody's name."""

    async def work(machine: "Machine") -> None:
        from bot.commands import words
        from bot.commands.export import Wanted, export

        await export(machine, Wanted(since.date(), until.date(), school), out, words(), typer.echo)

    _at_machine(config, work)


@app.command()
def rules(
    file: Annotated[Path | None, typer.Argument(help="Rules to change, written like bot/district.toml.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day on which they hold; today.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Shows what the district has decided, or changes it from a day on."""

    async def work(machine: "Machine") -> None:
        from bot.commands import rules, words

        if file is None:
            await rules.show(machine, _date(since), typer.echo)
        else:
            await rules.change(machine, file, _date(since), words(), typer.echo)

    _at_machine(config, work)


@app.command()
def read(
    sentence: str,
    roster: Annotated[list[Path], typer.Option(help="The office's file; its table of pupils is enough.")],
    klass: Annotated[str, typer.Option("--class", help="The sender's class, such as 三(2)班.")],
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day on which it is typed; today.")
    ] = None,
    school: Annotated[str | None, typer.Option(help="Where several schools have that class.")] = None,
) -> None:
    """Reads one sentence of a teacher as the bot would, and prints the reading as JSON. Nothing is kept or sent."""

    async def work() -> None:
        from bot.commands import words
        from bot.commands.read import Wanted, read_sentence

        typed_on = _date(day) or _clock().now().astimezone().date()
        say_wrong = partial(typer.echo, err=True)
        read_sentence(sentence, roster, Wanted(klass, school, typed_on), words(), typer.echo, say_wrong)

    _finish(work)


@app.command()
def replay(id: str, config: ConfigFile = None) -> None:
    """Handles an update once more that was set aside, after the fix."""

    async def work(machine: "Machine") -> None:
        from bot.commands import upkeep, words

        await upkeep.replay(machine, id, words(), typer.echo)

    _at_machine(config, work, with_channel=True)


@app.command()
def backup(
    to: Annotated[
        Path, typer.Option("--to", help="A folder, or a file whose name ends in .tar.gz (.tar where it is encrypted).")
    ] = Path("copies"),
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Under a passphrase, which is asked for.")] = False,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="Under the passphrase in this file, which only you may read.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="Remove all but so many of the folder's backups, the newest.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """A copy of everything while the bot runs: database and certificates, opened and checked before it is one."""

    async def work() -> None:
        from bot.commands import words
        from bot.commands.backup import Order, backup

        passphrase = _passphrase(passphrase_file, new=True) if encrypt or passphrase_file else None
        await backup(_config(config), _clock(), Order(to, passphrase, keep), words(), typer.echo)

    _finish(work)


@app.command()
def restore(
    file: Path,
    passphrase_file: Annotated[
        Path | None, typer.Option(help="Holds the passphrase; else it is asked for where one is needed.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Puts a backup into the database of config.toml, which must be empty, checks it and says what comes next."""

    async def work() -> None:
        from bot.commands import words
        from bot.commands.restore import restore

        asked = partial(_passphrase, passphrase_file, new=False)
        await restore(_config(config), _clock(), file, asked, words(), typer.echo)

    _finish(work)


@app.command()
def demo(
    play_day: Annotated[
        bool, typer.Option("--play-day", help="A whole school day in compressed time, then end.")
    ] = False,
    play_days: Annotated[
        int, typer.Option(min=0, max=20, help="So many school days in a row, checked as a week, then end.")
    ] = 0,
    out: Annotated[Path | None, typer.Option(help="Where played days leave digest, picture and transcript.")] = None,
    seed: Annotated[int, typer.Option(help="Of the invented district and its crowd.")] = 1,
    port: Annotated[int, typer.Option(help="Of the chat page; 0 takes a free one.")] = 0,
    channel: Annotated[Platform, typer.Option(help="Where everybody is.")] = Platform.TELEGRAM,
    large: Annotated[
        bool, typer.Option("--large", help="135 schools and 3,500 classes; of a played day only the sums are checked.")
    ] = False,
) -> None:
    """A practice district with its bot and a chat page: nothing leaves this machine."""
    from bot.demo import main

    if large and play_days > 1:
        raise typer.BadParameter("a large district plays one day: --play-day --large.")
    size: Literal["S", "L"] = "L" if large else "S"
    raise typer.Exit(main(play_days or int(play_day), out, seed, port, channel.value, size))


@app.command()
def simulate(
    days: Annotated[int, typer.Option(min=1, help="School days, three of each district.")] = 300,
    seed: Annotated[int | None, typer.Option(help="Of the first district; one that nobody has chosen.")] = None,
    large: Annotated[bool, typer.Option("--large", help="54 classes instead of 12.")] = False,
    processes: Annotated[int, typer.Option(min=0, help="So many at once; 0: as many as there are cores.")] = 0,
    faults: Annotated[
        str | None, typer.Option(help="Of one district's faults these alone, such as 0,3 or none.")
    ] = None,
    acts: Annotated[str | None, typer.Option(help="The same of what teachers do.")] = None,
    acks: Annotated[str | None, typer.Option(help="The same of who answers an alert.")] = None,
) -> None:
    """Whole days of the program on virtual time, with everything that can go wrong; then the exit code is 1, and each
    failing day is said with the line that repeats it."""
    import secrets

    from bot.commands.simulate import Wanted, places, run

    chosen = secrets.randbelow(10**9) if seed is None else seed
    typer.echo(f"seed {chosen}")
    logging.disable(logging.CRITICAL)
    wanted = Wanted(days, chosen, large, processes, places(faults), places(acts), places(acks))
    raise typer.Exit(run(wanted, typer.echo))


def _passphrase(file: Path | None, *, new: bool) -> str:
    """From the file, or from whoever sits there; a new one twice. Never from the command line, which everybody sees."""
    from bot.commands import words
    from bot.commands.backup import passphrase_in, strong
    from bot.machine import MachineError

    if file is not None:
        said = passphrase_in(file, words())
    elif sys.stdin.isatty():
        said = typer.prompt(words().say("backup.passphrase"), hide_input=True, confirmation_prompt=new, err=True)
    else:
        raise MachineError(words().say("backup.passphrase_needed"))
    return strong(said, words()) if new else said


def _config(path: Path | None) -> "Config":
    from bot.config import load

    return load(path)


def _clock() -> "Clock":
    from bot.clock import SystemClock

    return SystemClock()


def _date(chosen: datetime | None) -> date | None:
    return None if chosen is None else chosen.date()


def _at_machine(
    path: Path | None, work: "Callable[[Machine], Coroutine[Any, Any, None]]", *, with_channel: bool = False
) -> None:
    async def opened() -> None:
        from bot.machine import machine, reading

        config, clock = _config(path), _clock()
        async with reading(config, clock, wanted=with_channel) as channels, machine(config, clock, channels) as one:
            await work(one)

    _finish(opened)


def _finish(work: Callable[[], Coroutine[Any, Any, None]], level: int = logging.WARNING) -> None:
    """A sentence and an exit code where something is wrong; never a traceback for what a person can mend."""
    from bot import logs
    from bot.channels import ChannelError, Conflict
    from bot.config import ConfigError
    from bot.machine import MachineError
    from storage import StorageError

    logs.start(level)
    try:
        asyncio.run(work())
    except MachineError as error:
        _end(error, 1)
    except Conflict as error:
        _end(error, TAKEN_OVER)
    except (ConfigError, StorageError, ChannelError, OSError) as error:
        _end(error, UNABLE)


def _end(error: Exception, code: int) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    os.umask(0o077)  # whatever the machine's own: what we write is readable by its owner only
    app()
