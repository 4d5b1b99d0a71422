"""How staff get in, and how nobody else does."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from statistics import median

import pytest

from tests.web.people import DAY, EDITOR, HOUR, PASSWORD, Browser, Hall, form_of, letters, link_in

pytestmark = pytest.mark.anyio
LOGIN = "/staff/logga-in"
GOOD = {"email": EDITOR, "password": PASSWORD}


async def inside(browser: Browser) -> bool:
    """Whether the browser is logged in: the login sends it on."""
    return (await browser.get(LOGIN)).status_code == 303


async def test_staff_log_in_and_out(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    assert await inside(mine)
    (name,) = mine.cookies
    assert name == "__Host-evenemang-staff"
    kept = dict(mine.cookies)
    token = form_of((await mine.get("/staff/konto")).text, "/staff/logga-ut")
    assert (await mine.post("/staff/logga-ut", token)).status_code == 303
    assert mine.cookies == {}
    mine.cookies = kept
    assert not await inside(mine), "the session is over here too, not in the browser alone"


async def test_F22_a_cookie_that_was_planted_before_the_login_is_worth_nothing_after_it(town: Hall) -> None:
    town.staff()
    mine, thief = town.browser(), town.browser()
    mine.cookies = {"__Host-evenemang-staff": "planted-by-somebody"}
    await mine.send(LOGIN, GOOD)
    thief.cookies = {"__Host-evenemang-staff": "planted-by-somebody"}
    assert await inside(mine)
    assert not await inside(thief)
    former, thief.cookies = mine.cookies["__Host-evenemang-staff"], dict(mine.cookies)
    mine.cookies = {}
    assert (await mine.send(LOGIN, GOOD)).status_code == 303
    assert mine.cookies["__Host-evenemang-staff"] != former


async def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(town: Hall) -> None:
    town.staff()
    answer = await town.browser().send(LOGIN, GOOD)
    told = answer.headers["set-cookie"].lower()
    assert all(word in told for word in ("; secure", "; httponly", "; samesite=lax", "; path=/;"))
    assert "domain" not in told
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "till",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/staff",
        "/staff/..//evil.example",
        "/staff@evil.example",
        "/staff\n/x",
        "/staff/%2f%2fevil.example",
        "javascript:alert(1)",
        "/evenemang/x",
        "/staffx",
        "\t//evil.example",
        "/staff?x=" + "a" * 600,
    ],
)
async def test_F05_after_the_login_one_comes_to_a_page_of_ours(town: Hall, till: str) -> None:
    town.staff()
    answer = await town.browser().send(LOGIN, GOOD | {"till": till})
    assert answer.headers["location"] == "/staff"


@pytest.mark.parametrize("till", ["/staff/medarbetare", "/en/staff/utkorg?sida=2", "/min-sida"])
async def test_F05_a_stranger_comes_back_to_where_they_were_going(town: Hall, till: str) -> None:
    town.staff()
    answer = await town.browser().send(LOGIN, GOOD | {"till": till})
    assert answer.headers["location"] == till


async def test_a_stranger_is_sent_to_the_login_and_comes_back(town: Hall) -> None:
    town.staff()
    stranger = town.browser()
    sent = await stranger.get("/en/staff/medarbetare")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/en/staff/logga-in?till=%2Fen%2Fstaff%2Fmedarbetare"
    answer = await stranger.send(sent.headers["location"], GOOD)
    assert answer.headers["location"] == "/en/staff/medarbetare"


async def test_F08_a_wrong_password_and_an_unknown_address_are_answered_alike(town: Hall) -> None:
    town.staff()
    removed = town.staff("borttagen@byn.example")
    town.store.staff.remove(removed.id, town.now, "tests")
    town.store.staff.add("ny@byn.example", "Ny", town.now, by="tests")
    told = set()
    for number, email in enumerate((EDITOR, "borttagen@byn.example", "ny@byn.example", "okand@byn.example", "x")):
        answer = await town.browser(f"192.0.2.{number}").send(LOGIN, {"email": email, "password": "fel" * 5})
        text = re.sub(r'name="token" value="[^"]*"', "", answer.text).replace(f'value="{email}"', "")
        told.add((answer.status_code, text, answer.headers.get("set-cookie")))
    assert len(told) == 1
    assert next(iter(told))[0] == 422


@pytest.mark.slow
async def test_F08_time_tells_nothing_of_which_addresses_there_are(town: Hall) -> None:
    town.staff()
    took: dict[str, list[float]] = {EDITOR: [], "okand@byn.example": []}
    for number in range(12):
        for email, times in took.items():
            mine = town.browser(f"198.51.100.{number}")
            token = form_of((await mine.get(LOGIN)).text, LOGIN)
            began = time.perf_counter()
            await mine.post(LOGIN, {**token, "email": email, "password": "fel" * 5})
            times.append(time.perf_counter() - began)
    known, unknown = (median(times) for times in took.values())
    assert 0.6 < known / unknown < 1.6, "a login without the hash takes a tenth of one with it"


async def test_F22_guessing_is_bounded_for_one_account_from_one_network(town: Hall) -> None:
    town.staff()
    mine = town.browser()
    codes = [(await mine.send(LOGIN, {"email": EDITOR, "password": f"gissning {n}"})).status_code for n in range(8)]
    assert codes == [422] * 6 + [429] * 2
    assert (await mine.send(LOGIN, GOOD)).status_code == 429, "the right one does not help now either"
    assert (await town.browser("192.0.2.8").send(LOGIN, GOOD)).status_code == 303, "nor is its owner shut out elsewhere"
    town.now += timedelta(minutes=15)
    assert (await mine.send(LOGIN, GOOD)).status_code == 303


async def test_F22_guessing_is_bounded_for_one_network_over_all_accounts(town: Hall) -> None:
    mine = town.browser("2001:db8:1:2::1")
    codes = [(await mine.send(LOGIN, {"email": f"a{n}@byn.example", "password": "x"})).status_code for n in range(41)]
    assert codes == [422] * 40 + [429]
    neighbour = town.browser("2001:db8:1:2:ffff::9")
    assert (await neighbour.send(LOGIN, {"email": "b@byn.example", "password": "x"})).status_code == 429
    other = town.browser("2001:db8:1:3::1")
    assert (await other.send(LOGIN, {"email": "b@byn.example", "password": "x"})).status_code == 422


async def test_F22_guessing_is_bounded_for_one_account_over_all_networks(town: Hall) -> None:
    for n in range(100):
        assert town.store.tally.hit("login-account", EDITOR, town.now, 100, HOUR), n
    town.staff()
    assert (await town.browser().send(LOGIN, GOOD)).status_code == 429


async def test_F16_a_reset_goes_to_our_own_address_whatever_host_is_asked(town: Hall) -> None:
    town.staff()
    mine = town.browser()
    fields = form_of((await mine.get("/staff/glomt")).text, "/staff/glomt") | {"email": EDITOR}
    refused = await mine.post("/staff/glomt", fields, host="evil.example")
    assert refused.status_code == 400
    await mine.post("/staff/glomt", fields, x_forwarded_host="evil.example", forwarded="host=evil.example")
    (told,) = letters(town)
    assert "evil" not in told
    assert link_in(told).startswith("/staff/valkommen/")


async def test_F08_who_asks_for_a_link_is_answered_alike_whoever_they_are(town: Hall) -> None:
    town.staff()
    town.person()
    for path, known in (("/staff/glomt", EDITOR), ("/min-sida/logga-in", "kansliet@sockenhuset.example")):
        shown = [await town.browser().send(path, {"email": email}) for email in (known, "okand@byn.example")]
        texts = {answer.text.replace(known, "").replace("okand@byn.example", "") for answer in shown}
        assert len(texts) == 1
        assert {answer.status_code for answer in shown} == {200}
    assert len(letters(town)) == 2


async def test_F03_the_first_link_is_opened_by_a_scanner_and_chosen_by_a_person(town: Hall) -> None:
    one = town.store.staff.add("ny@byn.example", "Ny", town.now, by="tests")
    path = f"/staff/valkommen/{town.store.people.issue('staff-welcome', one.id, town.now, 2 * DAY)}"
    scanner, mine = town.browser(), town.browser()
    for _ in range(3):
        assert (await scanner.get(path)).status_code == 200
        assert (await scanner.ask("HEAD", path)).status_code == 200
    assert scanner.cookies == {}
    shown = await mine.get(path)
    assert "ny@byn.example" in shown.text
    token = re.findall(r'name="token" value="([^"]+)"', shown.text)[0]
    for weak in ("kort", "aaaaaaaaaaaaaaaa", "ny@byn.example", "x" * 201):
        assert (await mine.post(path, {"token": token, "password": weak})).status_code == 422
    done = await mine.post(path, {"token": token, "password": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/staff")
    assert await inside(mine)
    for again in (await mine.get(path), await town.browser().post(path, {"token": token, "password": PASSWORD})):
        assert again.status_code == 410
    assert (await town.browser().send(LOGIN, {"email": "ny@byn.example", "password": PASSWORD})).status_code == 303


async def test_F04_a_link_leaks_neither_by_referrer_nor_from_a_cache(town: Hall) -> None:
    one = town.store.staff.add("ny@byn.example", "Ny", town.now, by="tests")
    path = f"/staff/valkommen/{town.store.people.issue('staff-welcome', one.id, town.now, 2 * DAY)}"
    answer = await town.browser().get(path)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    town.now += 2 * DAY
    assert (await town.browser().get(path)).status_code == 410


async def test_removed_staff_are_out_at_once(town: Hall) -> None:
    one = town.staff()
    mine = await town.editor()
    town.store.staff.remove(one.id, town.now, "tests")
    assert not await inside(mine)
    assert (await town.browser().send(LOGIN, GOOD)).status_code == 422


async def test_F03_an_organizers_link_begins_a_session_by_its_button_alone(town: Hall) -> None:
    town.person()
    mine = town.browser()
    await mine.send("/min-sida/logga-in", {"email": " Kansliet@Sockenhuset.example "})
    path = link_in(letters(town, "login")[0])
    for _ in range(2):
        shown = await mine.get(path)
        assert (shown.status_code, mine.cookies) == (200, {})
    token = re.findall(r'name="token" value="([^"]+)"', shown.text)[0]
    done = await mine.post(path, {"token": token})
    assert (done.status_code, done.headers["location"]) == (303, "/min-sida")
    assert list(mine.cookies) == ["__Host-evenemang-person"]
    assert (await mine.post(path, {"token": token})).status_code in (403, 410)
    assert (await town.browser().post(path, {"token": token})).status_code == 410
    assert not await inside(mine), "an organizer is no staff"


async def test_F22_a_new_login_ends_the_session_that_the_browser_had(town: Hall) -> None:
    town.person()
    mine, kept = town.browser(), list[dict[str, str]]()
    for _ in range(2):
        await mine.send("/min-sida/logga-in", {"email": "kansliet@sockenhuset.example"})
        path = link_in(letters(town, "login")[-1])
        token = re.findall(r'name="token" value="([^"]+)"', (await mine.get(path)).text)[0]
        assert (await mine.post(path, {"token": token})).status_code == 303
        kept.append(dict(mine.cookies))
        town.now += timedelta(minutes=1)
    secrets = [cookies["__Host-evenemang-person"] for cookies in kept]
    alive = [town.store.people.session(secret, "person", town.now) for secret in secrets]
    assert alive == [None, "p1"]


async def test_F06_links_are_mailed_to_one_address_three_times_an_hour(town: Hall) -> None:
    town.person()
    for n in range(10):
        answer = await town.browser(f"203.0.113.{n}").send(
            "/min-sida/logga-in", {"email": "kansliet@sockenhuset.example"}
        )
        assert answer.status_code == 200, "nor does the answer tell that it was too much"
        town.now += timedelta(minutes=1)
    assert len(letters(town, "login")) == 3
    town.now += HOUR
    await town.browser().send("/min-sida/logga-in", {"email": "kansliet@sockenhuset.example"})
    assert len(letters(town, "login")) == 4


async def test_F06_links_are_bounded_by_network_and_in_all_but_not_by_who_asks_for_nobody(town: Hall) -> None:
    for n in range(12):
        await town.browser("198.51.100.9").send("/min-sida/logga-in", {"email": f"nagon{n}@x.example"})
    town.person()
    known = {"email": "kansliet@sockenhuset.example"}
    await town.browser("198.51.100.9").send("/min-sida/logga-in", known)
    assert letters(town, "login") == [], "that network has asked ten times"
    await town.browser("198.51.100.10").send("/min-sida/logga-in", known)
    assert len(letters(town, "login")) == 1
    for _ in range(199):
        assert town.store.tally.hit("link-all", "", town.now, 200, HOUR)
    town.now += timedelta(minutes=1)
    await town.browser("198.51.100.11").send("/min-sida/logga-in", known)
    assert len(letters(town, "login")) == 1
