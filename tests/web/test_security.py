"""What every form and every page behind a login keeps: whose it is, where it came from, how large it may be."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from aggregator.settings import Settings
from aggregator.web.app import ROUTES
from aggregator.web.client import network_of
from aggregator.web.forms import FIELDS
from aggregator.web.gate import MAX_BODY
from tests.render import worlds
from tests.web.memory import World
from tests.web.people import DAY, EDITOR, PASSWORD, Browser, Hall, form_of

pytestmark = pytest.mark.anyio
LOGIN = "/staff/logga-in"
INVITE = "/staff/medarbetare"
NEW = {"name": "Ny", "email": "ny@byn.example", "language": "sv"}


async def invited(town: Hall) -> bool:
    return town.store.staff.by_email("ny@byn.example") is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "https://evenemang.example.evil.example"},
        {"origin": "http://evenemang.example:8080"},
    ],
)
async def test_F02_a_form_from_elsewhere_changes_nothing_even_with_a_token_of_ours(
    town: Hall, headers: dict[str, str]
) -> None:
    town.staff()
    mine = await town.editor()
    assert (await mine.send(INVITE, NEW, **headers)).status_code == 403
    assert not await invited(town)


async def test_F02_a_browser_that_says_nothing_of_the_origin_is_taken_by_its_token(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    token = form_of((await mine.get(INVITE)).text, INVITE)
    assert (await mine.ask("POST", INVITE, data={**NEW, **token})).status_code == 303
    assert await invited(town)


async def test_F02_a_token_is_good_for_its_purpose_and_its_session_alone(town: Hall) -> None:
    town.staff()
    town.staff("andra@byn.example")
    mine, other = await town.editor(), await town.editor("andra@byn.example")
    own = form_of((await mine.get(INVITE)).text, INVITE)["token"]
    logout = form_of((await mine.get(INVITE)).text, "/staff/logga-ut")["token"]
    theirs = form_of((await other.get(INVITE)).text, INVITE)["token"]
    stranger = form_of((await town.browser().get(LOGIN)).text, LOGIN)["token"]
    at = len(own) - 9  # within the signature; of its last letter some bits say nothing
    forged = own[:at] + ("A" if own[at] != "A" else "B") + own[at + 1 :]
    for token in (logout, theirs, stranger, forged, "", "x" * 600):
        assert (await mine.post(INVITE, {**NEW, "token": token})).status_code == 403
    assert not await invited(town)
    town.now += DAY / 4
    assert (await mine.post(INVITE, {**NEW, "token": own})).status_code == 303


async def test_F02_no_page_is_changed_by_looking_at_it(town: Hall) -> None:
    """A GET with everything that a form would hold."""
    one = town.staff()
    other = town.staff("andra@byn.example")
    mine = await town.editor()
    token = form_of((await mine.get(INVITE)).text, INVITE)
    before = (town.store.staff.list(), town.store.outbox.list(), len(town.store.audit.newest(500)))
    paths = {getattr(route, "path", "") for route in ROUTES}
    for path in sorted(p for p in paths if p.startswith(("/staff", "/min-sida"))):
        filled = re.sub(r"\{\w+:str\}", other.id, path)
        await mine.get(f"{filled}?{urlencode({**NEW, **token})}")
        await mine.ask("HEAD", filled)
    assert before == (town.store.staff.list(), town.store.outbox.list(), len(town.store.audit.newest(500)))
    assert town.store.staff.get(one.id) == one


@pytest.mark.parametrize("path", [LOGIN, INVITE, "/min-sida/logga-in", "/staff/utkorg"])
async def test_F21_what_is_no_small_form_is_refused_before_it_is_read(town: Hall, path: str) -> None:
    town.staff()
    mine = await town.editor()
    mine.cookies = {} if path == LOGIN else mine.cookies
    multipart = await mine.ask("POST", path, files={"email": b"x" * 100})
    json = await mine.ask("POST", path, json={"email": EDITOR})
    large = await mine.post(path, {"email": "x" * (MAX_BODY + 1)})
    many = await mine.ask("POST", path, content="&".join(f"a{n}=1" for n in range(FIELDS + 1)), headers=URLENCODED)
    assert [a.status_code for a in (multipart, json, large, many)] == [415, 415, 413, 400]
    for answer in (multipart, json, large, many):
        assert answer.headers["content-type"].startswith("text/html")
    for answer in (multipart, json, large, many):
        assert answer.headers["cache-control"] == "no-store"


URLENCODED = {"content-type": "application/x-www-form-urlencoded"}
BROKEN = {
    "bytes-that-are-no-text": b"email=%ff%fe",
    "a-name-without-end": b"a" * 100 + b"=1",
    "raw-utf-8": "email=å".encode(),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_F21_a_body_that_is_no_form_is_a_400_and_a_page(town: Hall, case: str) -> None:
    answer = await town.browser().ask("POST", "/en/staff/logga-in", content=BROKEN[case], headers=URLENCODED)
    assert answer.status_code == 400
    assert "That could not be read" in answer.text


async def test_F21_a_field_that_is_too_long_comes_back_whole(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    name = "n" * 101
    answer = await mine.send(INVITE, NEW | {"name": name})
    assert answer.status_code == 422
    assert f'value="{name}"' in answer.text
    assert "Högst 100 tecken." in answer.text
    assert not await invited(town)


async def test_F09_a_field_that_no_page_asks_for_is_nothing(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    extra = {"id": "x", "removed": "", "password": "hash", "is_staff": "1", "added": "2001-01-01"}
    assert (await mine.send(INVITE, NEW | extra)).status_code == 303
    made = town.store.staff.by_email("ny@byn.example")
    assert made is not None
    assert (made.id, made.added, town.store.staff.password(made.id)) == (made.id, town.now, None)
    assert made.id != "x"


async def test_a_method_that_a_page_has_not_is_told_which_it_has(town: Hall) -> None:
    mine = town.browser()
    cases = {"/vecka": "GET, HEAD, OPTIONS", LOGIN: "GET, HEAD, POST", "/staff/logga-ut": "POST"}
    for path, allowed in cases.items():
        answer = await mine.ask("PUT", path)
        assert (answer.status_code, sorted(answer.headers["allow"].split(", "))) == (405, sorted(allowed.split(", ")))
    shown = await mine.post("/en/vecka", {})
    assert shown.status_code == 405
    assert "used like that" in shown.text


async def test_D10_a_form_that_cannot_be_stored_is_answered_with_when_to_come_again(town: Hall, tmp_path: Path) -> None:
    town.staff()
    mine = await town.editor()
    token = form_of((await mine.get(INVITE)).text, INVITE)
    file, away = tmp_path / "evenemang.db", tmp_path / "away.db"
    file.rename(away)
    answer = await mine.post(INVITE, {**NEW, **token})
    away.rename(file)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "Ingenting är sparat" in answer.text
    assert (await mine.post(INVITE, {**NEW, **token})).status_code == 303, "and nothing has to be filled in anew"
    assert await invited(town)


async def test_without_an_office_nobody_can_log_in() -> None:
    world = World()
    assert (await world.get(LOGIN)).status_code == 404
    mine = Browser(world.app, worlds.BASE)
    assert (await mine.post(LOGIN, {"email": EDITOR, "password": PASSWORD})).status_code == 404


@pytest.mark.parametrize("path", ["/", "/vecka", "/prenumerera", "/kallor", "/events.ics", "/embed", "/api/v1/events"])
async def test_G07_a_resident_gets_no_cookie_logged_in_or_not(town: Hall, path: str) -> None:
    town.staff()
    mine = await town.editor()
    for browser in (mine, town.browser()):
        answer = await browser.get(path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert "public" in answer.headers["cache-control"]


async def test_G05_nothing_of_a_login_reaches_the_log(town: Hall, capsys: pytest.CaptureFixture[str]) -> None:
    town.staff()
    mine = await town.editor()
    await town.browser().send(LOGIN, {"email": EDITOR, "password": "hemligt lösenord"})
    token = form_of((await mine.get(INVITE)).text, INVITE)
    await mine.post(INVITE, {**NEW, **token})
    written = "".join(capsys.readouterr())
    for secret in (EDITOR, "hemligt", "ny@byn.example", "192.0.2.7", *mine.cookies.values(), token["token"]):
        assert secret not in written


CLIENTS = {
    "no-proxy": ("192.0.2.1", "", "", "192.0.2.1"),
    "no-proxy-named-and-a-lie": ("192.0.2.1", "", "198.51.100.1", "192.0.2.1"),
    "proxy-named": ("127.0.0.1", "127.0.0.1", "198.51.100.1", "198.51.100.1"),
    "proxy-named-and-a-lie-on-the-left": ("127.0.0.1", "127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
    "two-proxies": ("10.0.0.2", "10.0.0.0/8", "198.51.100.1, 10.0.0.9", "198.51.100.1"),
    "nothing-told": ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
    "rubbish-told": ("127.0.0.1", "127.0.0.1", "'; DROP TABLE", "127.0.0.1"),
    "a-long-line": ("127.0.0.1", "127.0.0.1", "1.1.1.1," * 5000 + "198.51.100.1", "198.51.100.1"),
    "ipv6-by-64": ("2001:db8:1:2:3:4:5:6", "", "", "2001:db8:1:2::/64"),
    "ipv4-in-ipv6": ("::ffff:192.0.2.1", "", "", "192.0.2.1"),
    "zone": ("fe80::1%eth0", "", "", "fe80::/64"),
}


@pytest.mark.parametrize("case", CLIENTS)
def test_F06_a_client_is_its_network_and_only_a_named_proxy_is_believed(case: str, town: Hall) -> None:
    peer, proxies, told, wanted = CLIENTS[case]
    settings = Settings.model_validate({"proxies": proxies})
    town.app.state.settings = settings
    headers = [(b"x-forwarded-for", told.encode())] if told else []
    scope = {"type": "http", "client": (peer, 1), "headers": headers, "app": town.app}
    assert network_of(Request(scope)) == wanted
