"""`evenemang staff`: who may moderate. The first member gets in by the link that `staff add` prints."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from aggregator.cli.output import result, say, table
from aggregator.cli.town import DEFAULT, AsJson, ConfigFile, by, opened
from aggregator.compose import Program
from aggregator.errors import UsageError
from aggregator.mailbox import mailbox
from aggregator.model import Staff

app = typer.Typer(help="Who may moderate: add, list, remove.", no_args_is_help=True)
COLUMNS = ("email", "name", "language", "added", "state")
Email = Annotated[str, typer.Argument(metavar="EMAIL")]


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="As colleagues see it; the address if none is given.")] = "",
    language: Annotated[Literal["sv", "en"] | None, typer.Option(help="Of letters; else the calendar's.")] = None,
    config: ConfigFile = DEFAULT,
    json: AsJson = False,
) -> None:
    """Give somebody an account and print a link, good once and for two days, by which they choose a password.

    Somebody who has one already gets a new link: it is also the way back in when no mail is sent.
    """
    with opened(config) as program:
        member = _member(program, _address(email), name, language)
        secret = program.store.staff.invite(member.id, program.clock())
        base, path = program.settings.base_url, f"/staff/valkommen/{secret}"
        link = f"{base}{'' if member.language == 'sv' else '/en'}{path}"
    if json:
        table((), [{"email": member.email, "id": member.id, "link": link}], as_json=True)
        return
    say(f"{member.email} may moderate. This link works once, within two days; open it where the service is running:")
    result(link)


@app.command("list")
def list_staff(config: ConfigFile = DEFAULT, json: AsJson = False) -> None:
    """All members, removed ones too."""
    with opened(config) as program:
        ready = {member.id for member, has_password in program.store.staff.active() if has_password}
        rows = [_row(member, member.id in ready) for member in program.store.staff.list()]
    table(COLUMNS, rows, as_json=json)


@app.command()
def remove(email: Email, config: ConfigFile = DEFAULT) -> None:
    """Take all rights from somebody at once: logins and links end, what they did stays in the log."""
    with opened(config) as program:
        member = program.store.staff.by_email(_address(email))
        if member is None or not program.store.staff.remove(member.id, program.clock(), by()):
            raise UsageError(f"{email} is no staff")
    result(f"{member.email} is removed")


def _member(program: Program, email: str, name: str, language: str | None) -> Staff:
    """The member with that address, added if need be."""
    there = program.store.staff.by_email(email)
    if there is not None and there.removed is None:
        return there
    told = language or program.config.calendar.language
    return program.store.staff.add(email, name, program.clock(), language=told, by=by())


def _address(typed: str) -> str:
    found = mailbox(typed)
    if found is None:
        raise UsageError(f"{typed!r} is no mail address")
    return found


def _row(member: Staff, ready: bool) -> dict[str, object]:
    state = "removed" if member.removed else "active" if ready else "invited"
    told = {"id": member.id, "email": member.email, "name": member.name, "language": member.language}
    return {**told, "added": member.added.isoformat(timespec="seconds"), "state": state}
