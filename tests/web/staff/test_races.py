"""Two at once, something that moved since it was shown, and hosts that look like others: F14, F25, F26."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest

from aggregator.model import Mistake, OfferedSource, Role, Standing
from aggregator.moderation import Action, Actor
from aggregator.store.submissions import Deed
from tests.town import HOUR, at, evenings, vevent
from tests.unsure import other_hour, other_title
from tests.upstream.test_doubts import doubtful
from tests.upstream.test_suggestions import FEED, UNSURE, feed
from tests.web.desk import Desk, hidden
from tests.web.people import letters_of
from tests.web.staff.full import event_offer
from tests.web.staff.test_flows import PLACE, SOURCE, held, offered, waits

Sent = tuple[str, dict[str, str]]


def both(desk: Desk, first: Sent, second: Sent) -> list[int]:
    """Two members send a form each in the same moment; how they were answered."""
    colleague = desk.colleague()
    forms = []
    for browser, (path, fields) in ((desk.browser, first), (colleague, second)):
        shown = desk.get(path, browser).text
        forms.append((browser, path, {**hidden(shown, path, fields.pop("_holding", "")), **fields}))

    async def send() -> list[int]:
        answers = await asyncio.gather(*(browser.post(path, fields) for browser, path, fields in forms))
        return sorted(answer.status_code for answer in answers)

    return asyncio.run(send())


def test_F25_two_who_approve_and_reject_at_once(desk: Desk) -> None:
    desk.offer("s1", offered(desk))
    yes = {"do": "approve", "_holding": "approve"}
    no = {"note": "Nej", "_holding": "Avböj"}
    assert both(desk, ("/staff/ko/s1", yes), ("/staff/ko/s1", no)) == [303, 409]
    assert len(letters_of(desk.store)) == 1
    found = desk.store.submissions.get("s1")
    assert found is not None
    assert found.version == 2


def test_F25_two_who_say_same_and_different_at_once(desk: Desk) -> None:
    doubtful(desk.town)
    path = waits(desk)
    assert both(desk, (path, {"do": "same"}), (path, {"do": "different"})) == [303, 409]
    assert len(desk.store.ledger.decisions()) == 1


def test_F25_two_who_correct_one_field_at_once(desk: Desk) -> None:
    desk.town.add("klubben")
    desk.town.tell("klubben", vevent("Vårkonsert", at(8, 18)))
    desk.town.refresh()
    (id,) = desk.town.ids().values()
    path = f"/staff/evenemang/{id}/title"
    one, other = {"do": "correct", "value": "Ett"}, {"do": "correct", "value": "Två"}
    assert both(desk, (path, one), (path, other)) == [303, 409]
    assert len(desk.store.ledger.decisions()) == 1


def test_F25_two_who_release_and_keep_at_once(desk: Desk) -> None:
    held(desk.town)
    path = "/staff/karantan/klubben"
    codes = both(desk, (path, {"do": "release"}), (path, {"do": "release"}))
    assert codes.count(303) == 1, codes
    assert "BIG CASINO NIGHT" in desk.town.titles()


def test_F25_two_who_edit_one_source_or_place_at_once(desk: Desk) -> None:
    url = desk.town.site.url("/ny.ics")
    desk.send("/staff/kalla-ny", {**SOURCE, "url": url})
    save = {**SOURCE, "url": url, "do": "save", "_holding": "save"}
    path = "/staff/kallor/ny-forening"
    assert both(desk, (path, {**save, "name": "Ett"}), (path, {**save, "name": "Två"})) == [303, 409]
    desk.send("/staff/plats-ny", PLACE)
    place = {**PLACE, "do": "save", "_holding": "save"}
    path = "/staff/platser/folkets-hus"
    two = both_again(desk, (path, {**place, "name": "Ett"}), (path, {**place, "name": "Två"}))
    assert two == [303, 409]


def both_again(desk: Desk, first: Sent, second: Sent) -> list[int]:
    """As `both`, where the colleague is there already."""
    member = desk.store.staff.by_email("andra@byn.example")
    assert member is not None
    desk.store.staff.remove(member.id, desk.town.now, "test")
    return both(desk, first, second)


def test_F25_two_who_accept_one_suggestion_at_once(desk: Desk) -> None:
    desk.town.add(FEED)
    desk.town.serve(FEED, feed(UNSURE), "application/rss+xml")
    desk.town.refresh()
    path = re.findall(r'href="(/staff/forslag/[0-9a-f]+)"', desk.get("/staff/forslag").text)[0]
    fields = {"title": "Loppmarknad", "day": "2027-04-03"}
    codes = both(desk, (path, dict(fields)), (path, dict(fields)))
    assert codes.count(303) == 1, codes
    assert desk.town.titles() == ["Loppmarknad"]


def test_F25_what_moved_since_it_was_shown_is_marked_and_nothing_typed_is_lost(desk: Desk) -> None:
    desk.offer("s1", offered(desk))
    form = hidden(desk.get("/staff/ko/s1").text, "/staff/ko/s1", "Avböj")
    body = replace(offered(desk), name="Helt annat namn")
    changed = Deed(
        id="s1",
        version=1,
        action=Action.CHANGE,
        actor=Actor.PERSON,
        by="person:p1",
        now=desk.town.now,
        body=body,
    )
    desk.store.submissions.act(changed, desk.town.program.config)
    answer = desk.post("/staff/ko/s1", {**form, "note": "Mina ord", "reason": "far"})
    assert answer.status_code == 409
    assert "hann före" in answer.text
    assert '<span class="then">Nya klubben</span><br>' in answer.text
    assert "Helt annat namn" in answer.text
    assert "Mina ord" in answer.text
    assert re.search(r'<option value="far" selected', answer.text)
    again = hidden(answer.text, "/staff/ko/s1", "Avböj")
    assert desk.post("/staff/ko/s1", {**again, "note": "Mina ord", "reason": "far"}).status_code == 303


@pytest.mark.parametrize("moved", ["pair", "hold", "event"])
def test_F25_a_decision_on_what_is_no_longer_there_does_nothing(desk: Desk, moved: str) -> None:
    town = desk.town
    if moved == "pair":
        doubtful(town)
        path, fields = waits(desk), {"do": "same"}
        form = hidden(desk.get(path).text, path)
        town.tell(
            "tidningen",
            vevent(f"{other_title()}!", at(8, other_hour()), location="Folkets Hus", url="https://a.example/"),
        )
    elif moved == "hold":
        held(town)
        path, fields = "/staff/karantan/klubben", {"do": "release"}
        form = hidden(desk.get(path).text, path)
        other = vevent("OTHER CASINO", at(5), uid="a", url="https://annat.example/")
        town.tell("klubben", other, *evenings(3, first=8))
    else:
        town.add("klubben")
        town.tell("klubben", vevent("Vårkonsert", at(8, 18), uid="a"))
        town.refresh()
        (id,) = town.ids().values()
        path, fields = f"/staff/evenemang/{id}/title", {"do": "correct", "value": "Mitt värde"}
        form = hidden(desk.get(path).text, path)
        town.tell("klubben", vevent("Vårkonsert", at(8, 19), uid="a"))
    town.refresh(after=HOUR)
    version = town.version()
    answer = desk.post(path, {**form, **fields})
    assert answer.status_code == 409
    assert "Någon annan hann före" in answer.text
    assert "value" not in fields or "Mitt värde" in answer.text
    assert town.version() == version
    assert desk.store.ledger.decisions() == []


# --- F26


@pytest.mark.parametrize(
    ("address", "warning"),
    [
        ("https://klubben.example.spel.example/kalender.ics", "klubben.example är bara en del av adressen"),
        ("https://kIubben.example/kalender.ics", "liknar klubben.example"),
        ("https://xn--klbben-cvf.example/kalender.ics", "liknar klubben.example"),
        ("http://192.0.2.7/kalender.ics", "ett nummer i stället för ett namn"),
        ("https://musik.klubben.example/kalender.ics", ""),
    ],
)
def test_F26_the_whole_host_is_shown_and_look_alikes_are_marked(desk: Desk, address: str, warning: str) -> None:
    desk.town.add("klubben", url="https://klubben.example/kalender.ics", enabled=False)
    desk.offer("s1", OfferedSource(address=address, name="Klubben", role=Role.ORGANIZER))
    for path in ("/staff/ko", "/staff/ko/s1"):
        page = desk.get(path).text
        assert f'<a href="{address}" rel="nofollow noopener noreferrer ugc"' in page
        assert (warning in page) if warning else ('class="warned"' not in page)


def test_F26_links_of_single_events_and_of_held_ones_are_marked_too(desk: Desk) -> None:
    desk.town.add("klubben", url="https://klubben.example/kalender.ics", enabled=False)
    desk.offer("s2", replace(event_offer(), url="https://klubben.invalid/inloggning"))
    assert "liknar klubben.example" in desk.get("/staff/ko/s2").text


# --- F14


def test_F14_a_formula_does_not_leave_in_the_log(desk: Desk) -> None:
    desk.send("/staff/plats-ny", PLACE)
    page = desk.get("/staff/plats-ny").text
    token = re.findall(r'name="token" value="([^"]+)"', page)[-1]
    for alias in ("=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3"):
        told = desk.post("/staff/platser", {"token": token, "alias": alias, "into": "folkets-hus"})
        assert told.status_code == 303
    told = desk.get("/staff/logg.csv")
    assert told.headers["content-type"] == "text/csv; charset=utf-8"
    assert told.headers["content-disposition"].startswith("attachment")
    cells = [cell for line in told.text.splitlines() for cell in line.split(",")]
    assert not [cell for cell in cells if cell.lstrip('"')[:1] in ("=", "+", "@", "-")]
    assert any("'=cmd" in cell for cell in cells)


def test_the_log_is_filtered_and_names_no_sender(desk: Desk) -> None:
    desk.offer("s1", offered(desk))
    desk.offer("r1", Mistake(event="0" * 26, text="Fel"))
    desk.send("/staff/ko/s1", {"do": "approve"}, holding="approve")
    page = desk.get("/staff/logg").text
    assert "Kansliet" not in page
    assert "sockenhuset" not in page
    only = desk.get(f"/staff/logg?vem=staff:{desk.staff.id}&vad=approve").text
    assert only.count("submission:s1") == 1
    assert "submission:r1" not in only
    assert "submission:r1" not in desk.get("/staff/logg?om=submission:s1").text


def test_what_was_not_confirmed_is_nobodys_business_yet(desk: Desk) -> None:
    desk.offer("s1", offered(desk))
    waiting = desk.store.submissions.get("s1")
    assert waiting is not None
    desk.store.submissions.add(replace(waiting, id="s2", state=Standing.UNCONFIRMED), "person:p1")
    assert desk.get("/staff/ko/s2").status_code == 404
    assert "/staff/ko/s2" not in desk.get("/staff/ko").text
