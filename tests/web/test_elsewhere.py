"""Login of staff at another identity provider: a real one on loopback, and everything it may get wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr
from starlette.responses import PlainTextResponse, RedirectResponse

from aggregator.cli.serve import _elsewhere
from aggregator.errors import ConfigError
from aggregator.oidc import Provider
from aggregator.settings import Settings, load
from aggregator.web.elsewhere import BACK
from tests.web.people import BASE, EDITOR, NOW, Browser, Hall, hall
from tests.web.provider import CLIENT, PATH, SECRET, FakeProvider
from tests.web.served import base_of, listening, serving

pytestmark = pytest.mark.anyio
START = "/staff/oidc"


class Town:
    """A town hall whose staff may log in at a provider."""

    def __init__(self, hall: Hall, fake: FakeProvider) -> None:
        self.hall = hall
        self.fake = fake
        self.hall.app.state.elsewhere = Provider(fake.base, CLIENT, SECRET, BASE + BACK)

    async def sent_back(self, mine: Browser, till: str = "") -> str:
        """The address that a browser comes back to, after the provider has let it in."""
        begun = await mine.get(f"{START}?till={till}")
        assert begun.status_code == 303, begun.text
        async with httpx.AsyncClient() as client:
            there = await client.get(begun.headers["location"])
        assert there.headers["location"].startswith(BASE + BACK)
        return there.headers["location"].removeprefix(BASE)

    async def tried(self, mine: Browser, till: str = "") -> httpx.Response:
        return await mine.get(await self.sent_back(mine, till))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    moved: list[Hall] = []

    def clock() -> datetime:
        return moved[0].now

    with listening() as listener, hall(tmp_path) as opened:
        moved.append(opened)
        fake = FakeProvider(base_of(listener), clock)
        with serving(fake.app, listener):
            yield Town(opened, fake)


async def inside(mine: Browser) -> bool:
    return (await mine.get("/staff/konto")).status_code == 200


async def test_staff_come_in_by_the_provider_and_to_where_they_were_going(town: Town) -> None:
    member = town.hall.staff()
    mine = town.hall.browser()
    assert "Logga in med 127.0.0.1" in (await mine.get("/staff/logga-in")).text
    answer = await town.tried(mine, "/staff/utkorg")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/utkorg")
    assert await inside(mine)
    assert list(mine.cookies) == ["__Host-evenemang-staff"], "what was kept for the answer is gone"
    (line, *_) = town.hall.store.audit.newest()
    assert (line.by, line.action, line.detail) == (f"staff:{member.id}", "login", "127.0.0.1")


async def test_the_providers_description_is_asked_for_once_an_hour(town: Town) -> None:
    town.hall.staff()
    for _ in range(3):
        await town.tried(town.hall.browser())
    assert town.fake.asked.count(PATH) == 1
    town.hall.now += timedelta(hours=1)
    await town.tried(town.hall.browser())
    assert town.fake.asked.count(PATH) == 2


async def test_who_has_no_account_here_stays_out_whatever_the_provider_says(town: Town) -> None:
    member = town.hall.staff()
    town.fake.email = "okand@byn.example"
    assert await refused(town)
    town.fake.email = EDITOR
    town.hall.store.staff.remove(member.id, NOW, "tests")
    assert await refused(town)


async def refused(town: Town) -> bool:
    """Whether a try ends at the login with one sentence, and no session."""
    mine = town.hall.browser()
    begun = await mine.get(START)
    if urlsplit(begun.headers["location"]).path == "/authorize":
        async with httpx.AsyncClient() as client:
            there = await client.get(begun.headers["location"])
        begun = await mine.get(there.headers["location"].removeprefix(BASE))
    shown = await mine.get(begun.headers["location"])
    return (
        begun.headers["location"].endswith("klart=login-elsewhere-wrong")
        and "kunde inte slutföras" in shown.text
        and mine.cookies == {}
        and not await inside(mine)
    )


LATE = int((NOW + timedelta(hours=2)).timestamp())
LIES: dict[str, dict[str, Any]] = {
    "another-issuer": {"iss": "https://evil.example"},
    "another-audience": {"aud": "somebody-else"},
    "two-audiences-without-a-party": {"aud": [CLIENT, "somebody-else"]},
    "another-party": {"azp": "somebody-else"},
    "another-nonce": {"nonce": "x"},
    "no-nonce": {"nonce": None},
    "over": {"exp": int((NOW - timedelta(minutes=5)).timestamp())},
    "of-tomorrow": {"iat": LATE, "nbf": LATE, "exp": LATE + 300},
    "no-end": {"exp": None},
    "no-subject": {"sub": None},
    "no-address": {"email": None},
    "an-address-that-is-none": {"email": f"{EDITOR}, evil@evil.example"},
    "an-address-in-a-list": {"email": [EDITOR]},
    "unverified": {"email_verified": False},
    "odd-times": {"exp": "soon", "iat": {}},
}


@pytest.mark.parametrize("case", LIES)
async def test_a_token_that_says_something_else_lets_nobody_in(town: Town, case: str) -> None:
    town.hall.staff()
    town.fake.claims = LIES[case]
    assert await refused(town)


@pytest.mark.parametrize("case", ["a-strangers-key", "a-shared-secret"])
async def test_a_token_that_another_key_signed_lets_nobody_in(town: Town, case: str) -> None:
    town.hall.staff()
    if case == "a-shared-secret":
        town.fake.algorithm, town.fake.signs = "HS256", OctKey.import_key(SECRET * 3)
    else:
        town.fake.signs = RSAKey.generate_key(2048, {"kid": "one"})
    assert await refused(town)


ODD: dict[str, tuple[str, Any]] = {
    "no-description": (PATH, PlainTextResponse("no", 500)),
    "a-description-of-another": (PATH, {"issuer": "https://evil.example"}),
    "a-description-that-is-a-list": (PATH, []),
    "a-description-without-addresses": (PATH, "issuer"),
    "a-description-without-end": (PATH, PlainTextResponse("[" * 300_000)),
    "a-description-of-two-megabytes": (PATH, PlainTextResponse("[" + " " * 2**21 + "]")),
    "no-token": ("/token", {}),
    "a-token-that-is-none": ("/token", {"id_token": "a.b.c"}),
    "a-token-of-another-kind": ("/token", {"id_token": {"x": 1}}),
    "no-keys": ("/keys", {}),
    "keys-that-are-none": ("/keys", {"keys": [1, {"kty": "RSA"}]}),
}


@pytest.mark.parametrize("case", ODD)
async def test_a_provider_that_does_not_answer_as_it_should_lets_nobody_in(town: Town, case: str) -> None:
    town.hall.staff()
    path, lie = ODD[case]
    town.fake.lies[path] = {"issuer": town.fake.base} if lie == "issuer" else lie
    assert await refused(town)


async def test_F02_an_answer_that_another_browser_was_sent_fits_nothing_here(town: Town) -> None:
    """Else somebody could be logged in as the attacker, and hand them what they do."""
    town.hall.staff()
    attacker, victim = town.hall.browser(), town.hall.browser()
    path = await town.sent_back(attacker)
    assert (await victim.get(path)).headers["location"].endswith("login-elsewhere-wrong")
    assert not await inside(victim)
    await town.sent_back(victim)
    assert (await victim.get(path)).headers["location"].endswith("login-elsewhere-wrong")
    assert not await inside(victim)


async def test_a_provider_that_calls_itself_something_else_is_not_the_one_that_was_named(town: Town) -> None:
    town.hall.staff()
    names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
    told = {name: f"{town.fake.base}/{path}" for name, path in names.items()}
    town.fake.lies[PATH] = {**told, "issuer": f"{town.fake.base}/common"}
    assert await refused(town)


async def test_a_redirect_of_the_provider_is_followed_nowhere(town: Town) -> None:
    town.hall.staff()
    town.fake.lies[PATH] = RedirectResponse(f"{town.fake.base}/keys")
    assert await refused(town)
    assert set(town.fake.asked) == {PATH}


@pytest.mark.parametrize("state", ["", "x"])
async def test_F02_an_answer_without_the_state_that_was_begun_with_is_none(town: Town, state: str) -> None:
    town.hall.staff()
    mine = town.hall.browser()
    path = await town.sent_back(mine)
    changed = path.replace(parse_qs(urlsplit(path).query)["state"][0], state)
    assert (await mine.get(changed)).headers["location"].endswith("login-elsewhere-wrong")
    assert not await inside(mine)


async def test_F04_an_answer_is_good_once(town: Town) -> None:
    town.hall.staff()
    mine = town.hall.browser()
    path = await town.sent_back(mine)
    kept = dict(mine.cookies)
    assert (await mine.get(path)).headers["location"] == "/staff"
    again = town.hall.browser()
    again.cookies = kept
    assert (await again.get(path)).headers["location"].endswith("login-elsewhere-wrong")


@pytest.mark.parametrize("till", ["//evil.example", "https:evil.example", "/evenemang/x"])
async def test_F05_after_the_provider_one_comes_to_a_page_of_ours(town: Town, till: str) -> None:
    town.hall.staff()
    assert (await town.tried(town.hall.browser(), till)).headers["location"] == "/staff"


async def test_the_provider_is_not_asked_without_end(town: Town) -> None:
    mine = town.hall.browser()
    codes = [(await mine.get(START)).status_code for _ in range(21)]
    assert codes == [303] * 20 + [429]


async def test_without_a_provider_there_is_no_such_page(tmp_path: Path) -> None:
    with hall(tmp_path) as plain:
        mine = plain.browser()
        assert [(await mine.get(path)).status_code for path in (START, BACK)] == [404, 404]
        assert "Logga in med" not in (await mine.get("/staff/logga-in")).text


def test_the_settings_go_together_and_make_a_provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = {"ISSUER": "https://login.byn.example/v2.0", "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET}
    for missing in names:
        with monkeypatch.context() as patch:
            for name in names.keys() - {missing}:
                patch.setenv(f"EVENEMANG_OIDC_{name}", names[name])
            with pytest.raises(ConfigError, match=f"^EVENEMANG_OIDC_{missing}: "):
                load(tmp_path / "sources.yaml", None)
    whole = Settings(
        oidc_issuer=names["ISSUER"], oidc_client_id=CLIENT, oidc_client_secret=SecretStr(SECRET), base_url=BASE
    )
    made = _elsewhere(whole)
    assert made is not None
    assert made.name == "login.byn.example"
    assert SECRET not in repr(whole)
    assert _elsewhere(Settings()) is None


def test_D23_a_provider_without_https_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EVENEMANG_OIDC_ISSUER", "http://login.byn.example")
    with pytest.raises(ConfigError, match="EVENEMANG_OIDC_ISSUER: must be an https"):
        load(tmp_path / "sources.yaml", None)


async def test_what_the_provider_is_asked_holds_no_secret(town: Town) -> None:
    begun = await town.hall.browser().get(START)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["location"]).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid email profile"
    assert asked["redirect_uri"] == BASE + BACK
    assert SECRET not in begun.headers["location"]
    assert begun.headers["cache-control"] == "no-store"
