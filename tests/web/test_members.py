"""Staff's own pages: account, members, outbox."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.web.people import EDITOR, PASSWORD, Browser, Hall, form_of, hall, letters, link_in

pytestmark = pytest.mark.anyio
LOGIN, MEMBERS, ACCOUNT, OUTBOX = "/staff/logga-in", "/staff/medarbetare", "/staff/konto", "/staff/utkorg"
NEW = {"name": "Ny <b>Redaktör</b>", "email": "Ny@Byn.example", "language": "en"}


async def inside(browser: Browser) -> bool:
    return (await browser.get(ACCOUNT)).status_code == 200


async def test_a_member_is_invited_gets_in_and_is_removed(town: Hall) -> None:
    one = town.staff()
    mine, theirs = await town.editor(), town.browser()
    assert (await mine.send(MEMBERS, NEW)).headers["location"] == f"{MEMBERS}?klart=members-invited"
    (told,) = letters(town, "staff-invitation")
    assert "You have been given an account" in told
    path = link_in(told)
    assert path.startswith("/en/staff/valkommen/")
    token = re.findall(r'name="token" value="([^"]+)"', (await theirs.get(path)).text)[0]
    assert (await theirs.post(path, {"token": token, "password": PASSWORD})).status_code == 303
    assert await inside(theirs)
    shown = (await mine.get(MEMBERS)).text
    assert "Ny &lt;b&gt;Redaktör&lt;/b&gt;" in shown
    assert "ny@byn.example" in shown
    made = town.store.staff.by_email("ny@byn.example")
    assert made is not None
    assert "Ta bort Ny &lt;b&gt;" in (await mine.get(f"{MEMBERS}/{made.id}/ta-bort")).text
    page = f"{MEMBERS}/{made.id}/ta-bort"
    token = re.findall(r'name="token" value="([^"]+)"', (await mine.get(page)).text)[-1]
    assert (await mine.post(page, {"token": token})).status_code == 303
    assert not await inside(theirs)
    assert "ny@byn.example" not in (await mine.get(MEMBERS)).text
    did = [(line.by, line.action, line.subject) for line in town.store.audit.newest(100)]
    assert (f"staff:{one.id}", "remove", f"staff:{made.id}") in did
    assert (f"staff:{one.id}", "add", f"staff:{made.id}") in did
    assert "ny@byn" not in str(town.store.audit.newest(100)), "the log names ids alone"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (NEW | {"email": "två adresser"}, "Skriv en e-postadress"),
        (NEW | {"email": "a@x.example,b@x.example"}, "Skriv en e-postadress"),
        (NEW | {"email": EDITOR}, "har redan ett konto"),
        (NEW | {"name": " "}, "Fyll i det här"),
    ],
)
async def test_an_invitation_that_cannot_be_sent_comes_back_filled(
    town: Hall, fields: dict[str, str], sentence: str
) -> None:
    town.staff()
    answer = await (await town.editor()).send(MEMBERS, fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert re.search(r'<option value="en" selected', answer.text)
    assert letters(town) == []


async def test_nobody_removes_themselves(town: Hall) -> None:
    one = town.staff()
    town.staff("andra@byn.example")
    mine = await town.editor()
    page = f"{MEMBERS}/{one.id}/ta-bort"
    assert (await mine.get(page)).status_code == 303
    other = town.store.staff.by_email("andra@byn.example")
    assert other is not None
    shown = await mine.get(f"{MEMBERS}/{other.id}/ta-bort")
    token = re.findall(r'name="token" value="([^"]+)"', shown.text)[-1]
    await mine.post(page, {"token": token})
    assert await inside(mine)


async def test_a_new_password_ends_all_other_browsers(town: Hall) -> None:
    town.staff()
    mine, other = await town.editor(), await town.editor()
    wrong = await mine.send(ACCOUNT, {"present": "inte det", "password": "ett nytt långt lösenord"})
    assert wrong.status_code == 422
    assert "nuvarande lösenord" in wrong.text
    short = await mine.send(ACCOUNT, {"present": PASSWORD, "password": "kort"})
    assert short.status_code == 422
    assert "kort" not in short.text.replace("korta", ""), "a password is never shown again"
    done = await mine.send(ACCOUNT, {"present": PASSWORD, "password": "ett nytt långt lösenord"})
    assert done.status_code == 303
    assert await inside(mine)
    assert not await inside(other)
    assert (await town.browser().send(LOGIN, {"email": EDITOR, "password": PASSWORD})).status_code == 422


async def test_F22_whoever_sits_down_at_an_open_browser_cannot_guess_the_password_for_long(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    for n in range(6):
        await mine.send(ACCOUNT, {"present": f"gissning {n}", "password": "ett nytt långt lösenord"})
    answer = await mine.send(ACCOUNT, {"present": PASSWORD, "password": "ett nytt långt lösenord"})
    assert answer.status_code == 422


async def test_ones_other_browsers_are_listed_and_logged_out(town: Hall) -> None:
    town.staff()
    mine, second, third = await town.editor(), await town.editor(), await town.editor()
    shown = (await mine.get(ACCOUNT)).text
    assert shown.count("<tr>") == 4
    assert shown.count("den här webbläsaren") == 1
    ids = re.findall(r'name="session" value="([^"]+)"', shown)
    token = form_of(shown, f"{ACCOUNT}/avsluta")["token"]
    assert len(ids) == 2
    await mine.post(f"{ACCOUNT}/avsluta", {"token": token, "session": ids[0]})
    assert sorted([await inside(second), await inside(third)]) == [False, True]
    await mine.post(f"{ACCOUNT}/avsluta", {"token": token})
    assert [await inside(b) for b in (mine, second, third)] == [True, False, False]


async def test_F10_nobody_ends_the_session_of_another(town: Hall) -> None:
    town.staff()
    town.staff("andra@byn.example")
    mine, other = await town.editor(), await town.editor("andra@byn.example")
    await town.editor("andra@byn.example")
    theirs = re.findall(r'name="session" value="([^"]+)"', (await other.get(ACCOUNT)).text)
    await town.editor()
    token = form_of((await mine.get(ACCOUNT)).text, f"{ACCOUNT}/avsluta")["token"]
    for id in theirs:
        await mine.post(f"{ACCOUNT}/avsluta", {"token": token, "session": id})
    assert len(town.store.people.sessions("staff", await id_of(town, "andra@byn.example"), town.now)) == 2


async def id_of(town: Hall, email: str) -> str:
    found = town.store.staff.by_email(email)
    assert found is not None
    return found.id


async def test_without_a_mail_server_staff_read_the_letters_and_with_one_they_do_not(
    town: Hall, tmp_path: Path
) -> None:
    town.staff()
    mine = await town.editor()
    await mine.send(MEMBERS, NEW)
    shown = (await mine.get(OUTBOX)).text
    assert "EVENEMANG_SMTP_URL" in shown
    assert "/en/staff/valkommen/" in shown
    town.app.state.settings = town.program.settings.model_copy(update={"smtp_url": SecretStr("smtp://mail.example")})
    hidden = (await mine.get(OUTBOX)).text
    assert "ny@byn.example" in hidden
    assert "valkommen" not in hidden


async def test_D22_a_letter_that_was_given_up_is_sent_again_by_a_button(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    await mine.send(MEMBERS, NEW)
    (posted,) = town.store.outbox.list()
    town.store.outbox.failed(posted.id, "<b>550</b> no such user", None)
    shown = (await mine.get(OUTBOX)).text
    assert "&lt;b&gt;550&lt;/b&gt;" in shown
    assert "Kunde inte skickas" in shown
    await mine.send(OUTBOX, {"letter": str(posted.id)})
    assert [p.id for p in town.store.outbox.due(town.now + timedelta(seconds=1))] == [posted.id]
    for odd in ("", "-1", "x", "9" * 30, "²"):
        answer = await mine.post(OUTBOX, {"letter": odd, "token": form_of(shown, OUTBOX)["token"]})
        assert answer.status_code == 303


async def test_D22_monitors_hear_of_letters_that_do_not_get_through(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    await mine.send(MEMBERS, NEW)
    (posted,) = town.store.outbox.list()
    asked = mine.get

    async def told() -> str:
        return " ".join((await asked("/healthz")).json()["problems"])

    town.now += timedelta(hours=2)
    assert "letters" not in await told(), "without a mail server staff read them, and nothing is wrong"
    town.app.state.settings = town.program.settings.model_copy(update={"smtp_url": SecretStr("smtp://mail.example")})
    assert "1 letters" in await told()
    town.store.outbox.failed(posted.id, "550", None)
    assert "1 letters" in await told()
    town.store.outbox.sent(posted.id, town.now)
    assert "letters" not in await told()


async def test_over_plain_http_the_cookie_has_a_plain_name(tmp_path: Path) -> None:
    with hall(tmp_path, base="http://127.0.0.1:8000") as local:
        local.staff()
        mine = await local.editor()
        assert list(mine.cookies) == ["evenemang-staff"]
        assert await inside(mine)
