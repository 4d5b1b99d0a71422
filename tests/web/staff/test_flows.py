"""What staff decide on their pages, from the button to the calendar; all of it can be taken back."""

from __future__ import annotations

import re

import pytest

from aggregator.model import Mistake, OfferedEvent, OfferedSource, Role, Standing
from tests.town import DAY, HOUR, NAMES, Town, at, calendar, evenings, vevent
from tests.unsure import HALL, ONE, other_hour, other_title
from tests.unsure import HOUR as HOUR_OF_ONE
from tests.upstream.test_doubts import doubtful
from tests.upstream.test_suggestions import FEED, NEXT, UNSURE, feed
from tests.web.desk import Desk
from tests.web.people import letters_of
from tests.web.staff.full import event_offer


def waits(desk: Desk) -> str:
    """The path of the pair that waits."""
    found = re.search(r'href="(/staff/dubbletter/\d+-\d+)"', desk.get("/staff/dubbletter").text)
    assert found is not None
    return found[1]


# --- duplicates


def test_C21_same_joins_the_feeds_and_holds_over_a_refetch(desk: Desk) -> None:
    town = desk.town
    doubtful(town)
    path = waits(desk)
    assert "place written alike" in desk.get(f"/en{path}").text, "the reasons are there in words"
    done = desk.send(path, {"do": "same"})
    assert "Samma evenemang." in desk.follow(done).text
    assert town.feed().count(b"BEGIN:VEVENT") == 1
    town.pass_days(2)
    town.refresh(after=HOUR, force=True)
    assert town.feed().count(b"BEGIN:VEVENT") == 1
    assert desk.did("same")
    undone = desk.send(done.headers["location"], {}, to="/staff/angra")
    assert "Ångrat." in desk.follow(undone).text
    assert town.feed().count(b"BEGIN:VEVENT") == 2


def test_C22_different_stays_different_and_the_next_pair_comes_at_once(desk: Desk) -> None:
    town = desk.town
    for id, title, hour in (("klubben", ONE, HOUR_OF_ONE), ("tidningen", other_title(), other_hour())):
        town.add(id)
        town.tell(id, *(vevent(title, at(day, hour), uid=f"{id}{day}", location=HALL) for day in (8, 15)))
    town.refresh()
    found = desk.get("/staff/dubbletter").text
    assert len(set(re.findall(r"/staff/dubbletter/\d+-\d+", found))) == 2
    answer = desk.send(waits(desk), {"do": "different"})
    there = desk.follow(answer)
    assert "Två olika evenemang." in there.text
    assert "1 av 1." in there.text
    town.refresh(after=HOUR, force=True)
    assert len(set(re.findall(r"/staff/dubbletter/\d+-\d+", desk.get("/staff/dubbletter").text))) == 1


# --- quarantine


def held(town: Town) -> None:
    town.add("klubben")
    town.tell("klubben", vevent("Vårkonsert", at(5), uid="a", url="https://klubben.example/1"), *evenings(3, first=8))
    town.refresh()
    spam = vevent("BIG CASINO NIGHT", at(5), uid="a", url="https://klubben.example.spel.example/")
    town.tell("klubben", spam, *evenings(3, first=8), vevent("Årsmöte", at(25)))
    town.refresh(after=HOUR)


def test_A39_a_held_answer_is_shown_as_its_difference_and_released(desk: Desk) -> None:
    held(desk.town)
    page = desk.get("/staff/karantan/klubben").text
    assert "1 nya, 1 ändrade, 0 borta" in page
    assert "BIG CASINO NIGHT" in page
    assert "klubben.example är bara en del av adressen" in page
    before = desk.town.feed()
    assert desk.get("/staff/karantan/klubben").status_code == 200
    assert desk.town.feed() == before, "looking changes nothing"
    answer = desk.send("/staff/karantan/klubben", {"do": "release"})
    assert "Släppt." in desk.follow(answer).text
    assert {"BIG CASINO NIGHT", "Årsmöte"} <= set(desk.town.titles())
    assert desk.did("release") == ["source:klubben"]


def test_A38_what_is_left_as_it_is_asks_again_only_for_another_answer(desk: Desk) -> None:
    held(desk.town)
    desk.send("/staff/karantan/klubben", {"do": "keep"})
    assert "Ingen källa är i karantän" in desk.get("/staff/karantan").text
    desk.town.refresh(after=HOUR)
    desk.town.refresh(after=HOUR, force=True)
    assert "Ingen källa är i karantän" in desk.get("/staff/karantan").text
    spam = vevent("ANOTHER CASINO NIGHT", at(5), uid="a", url="https://spel.example/")
    desk.town.tell("klubben", spam, *evenings(3, first=8))
    desk.town.refresh(after=HOUR)
    assert "Ingen källa är i karantän" not in desk.get("/staff/karantan").text


def test_B55_a_source_in_other_hands_can_be_paused_and_its_events_stay(desk: Desk) -> None:
    town = desk.town
    town.add("klubben")
    town.tell("klubben", *evenings(6))
    town.refresh()
    town.tell("klubben", *[vevent(f"Bonus {n}", at(2 + n), uid=f"s{n}", url="https://spel.example/") for n in range(6)])
    town.refresh(after=HOUR)
    assert "6 nya" in desk.get("/staff/karantan/klubben").text
    desk.send("/staff/karantan/klubben", {"do": "pause"})
    assert town.state("klubben").paused == f"staff:{desk.staff.id}"
    town.refresh(after=DAY)
    assert set(town.titles()) == set(NAMES[:6])


def test_removals_that_are_held_are_shown_and_released(desk: Desk) -> None:
    town = desk.town
    town.add("klubben")
    town.tell("klubben", *evenings(10))
    town.refresh()
    town.tell("klubben", *evenings(10)[:1], vevent("Sist", at(30)))
    town.refresh(after=HOUR)
    page = desk.get("/staff/karantan/klubben").text
    assert "0 nya, 0 ändrade, 9 borta" in page
    desk.send("/staff/karantan/klubben", {"do": "release"})
    assert len(town.titles()) == 2


# --- what was sent in


def offered(desk: Desk) -> OfferedSource:
    desk.town.site.file("/ny.ics", calendar(vevent("Ny kväll", at(9))), content_type="text/calendar")
    return OfferedSource(address=desk.town.site.url("/ny.ics"), name="Nya klubben", role=Role.ORGANIZER)


def test_an_address_is_looked_at_approved_shown_and_taken_back(desk: Desk) -> None:
    desk.offer("s1", offered(desk))
    looked = desk.send("/staff/ko/s1", {"do": "look"})
    assert looked.status_code == 200
    assert "Ny kväll" in looked.text
    assert desk.town.titles() == [], "looking stores nothing"
    assert "Ny kväll" in desk.get("/staff/ko/s1").text, "what was fetched is there for a while"
    done = desk.send("/staff/ko/s1", {"do": "approve"}, holding="approve")
    assert "Godkänt." in desk.follow(done).text
    assert desk.town.titles() == ["Ny kväll"]
    assert letters_of(desk.store, "approved")
    back = desk.send(done.headers["location"], {}, to="/staff/angra")
    assert "Ångrat." in desk.follow(back).text
    assert desk.town.titles() == []


def test_a_rejection_has_a_reason_in_the_senders_language(desk: Desk) -> None:
    desk.offer("s1", offered(desk))
    bare = desk.send("/staff/ko/s1", {"note": " "}, holding="Avböj")
    assert bare.status_code == 422
    assert "Välj ett skäl" in bare.text
    assert letters_of(desk.store) == []
    done = desk.send("/staff/ko/s1", {"reason": "private", "note": "Hör av dig om det ändras."}, holding="Avböj")
    assert done.status_code == 303
    (told,) = letters_of(desk.store, "rejected")
    assert "> Evenemanget är inte öppet för alla." in told
    assert "> Hör av dig om det ändras." in told
    found = desk.store.submissions.get("s1")
    assert found is not None
    assert found.state is Standing.REJECTED


def test_asking_back_and_reopening(desk: Desk) -> None:
    desk.offer("s1", event_offer())
    desk.send("/staff/ko/s1", {"note": "Vilken dag menas?"}, holding="Fråga")
    assert "Vilken dag menas?" in letters_of(desk.store, "asked-back")[0]
    assert "s1" not in desk.get("/staff/ko").text
    assert "/staff/ko/s1" in desk.get("/staff/ko?visa=asked").text
    desk.send("/staff/ko/s1", {"do": "approve"}, holding="approve")
    assert desk.town.titles() == ["Loppis"]
    assert "/staff/ko/s1" in desk.get("/staff/ko?visa=done").text
    desk.send("/staff/ko/s1", {"do": "reopen"}, holding="reopen")
    assert desk.town.titles() == []


def test_a_report_is_settled_with_an_answer(desk: Desk) -> None:
    town = desk.town
    doubtful(town)
    event = next(iter(town.ids().values()))
    desk.offer("r1", Mistake(event=event, text="Fel dag"))
    desk.offer("r2", Mistake(event=event, text="Fel plats"), person=None)
    assert desk.get("/staff/ko/r1").headers["location"] == "/staff/rapporter/r1"
    desk.send("/staff/rapporter/r1", {"note": "Tack, det är rättat."}, holding="Skicka svaret")
    assert "> Tack, det är rättat." in letters_of(desk.store, "answer-to-report")[0]
    assert "Skicka svaret" not in desk.get("/staff/rapporter/r2").text, "there is nobody to answer"
    desk.send("/staff/rapporter/r2", {"do": "settle"}, holding="settle")
    assert "Inget här." in desk.get("/staff/rapporter").text
    assert len(letters_of(desk.store)) == 1


# --- suggestions


def test_a_suggestion_becomes_an_event_or_is_put_aside(desk: Desk) -> None:
    town = desk.town
    town.add(FEED)
    town.serve(FEED, feed(UNSURE, NEXT), "application/rss+xml")
    town.refresh()
    page = desk.get("/staff/forslag").text
    first = re.findall(r'href="(/staff/forslag/[0-9a-f]+)"', page)[0]
    form = desk.get(first).text
    assert 'value="Loppmarknad"' in form
    assert 'value="2027-04-03"' in form
    bad = desk.send(first, {"title": "Loppmarknad", "day": "2027-04-03", "begins": "x", "url": "javascript:alert(1)"})
    assert bad.status_code == 422
    done = desk.send(first, {"title": "Loppmarknad", "day": "2027-04-03", "begins": "10:00", "ends": "14:00"})
    assert done.status_code == 303
    assert town.titles() == ["Loppmarknad"]
    assert "Loppmarknad" not in desk.follow(done).text
    put = desk.send("/staff/forslag", {})
    assert "Inga förslag." in desk.follow(put).text
    town.refresh(after=HOUR, force=True)
    assert "Inga förslag." in desk.get("/staff/forslag").text
    desk.send(put.headers["location"], {}, to="/staff/angra")
    town.refresh(after=HOUR, force=True)
    assert "Basar" in desk.get("/staff/forslag").text


# --- events


def test_a_field_is_corrected_chosen_and_taken_back(desk: Desk) -> None:
    town = desk.town
    for source, role in (("klubben", "organizer"), ("tidningen", "media")):
        town.add(source, role=role)
        title = "Vårkonsert" if source == "klubben" else "Vårkonsert!"
        town.tell(source, vevent(title, at(8, 18), uid=source, location="Folkets Hus"))
    town.refresh()
    (id,) = town.ids().values()
    found = desk.get(f"/staff/evenemang?q=http://127.0.0.1:8000/evenemang/{id}/varkonsert")
    assert found.headers["location"] == f"/staff/evenemang/{id}"
    page = f"/staff/evenemang/{id}/title"
    assert "Vårkonsert!" in desk.get(page).text
    desk.send(page, {"do": "choose", "source": "tidningen"}, holding="Tidningen")
    assert town.titles() == ["Vårkonsert!"]
    done = desk.send(page, {"do": "correct", "value": "Stora vårkonserten"})
    assert town.titles() == ["Stora vårkonserten"]
    town.refresh(after=HOUR, force=True)
    assert town.titles() == ["Stora vårkonserten"]
    assert "redaktionen" in desk.get(f"/staff/evenemang/{id}").text
    desk.send(done.headers["location"], {}, to="/staff/angra")
    assert town.titles() == ["Vårkonsert!"]
    assert desk.did("correct") == [f"event:{id}"]


@pytest.mark.parametrize(
    ("field", "bad", "good"),
    [
        ("start", "i morgon", "2027-03-08T19:00"),
        ("url", "javascript:alert(1)", "https://klubben.example/2"),
        ("price", "billigt", "80"),
        ("age", "små", "6-9"),
        ("title", "", "Konsert"),
    ],
)
def test_A24_a_correction_that_means_nothing_comes_back_filled(desk: Desk, field: str, bad: str, good: str) -> None:
    town = desk.town
    town.add("klubben")
    town.tell("klubben", vevent("Vårkonsert", at(8, 18)))
    town.refresh()
    (id,) = town.ids().values()
    page = f"/staff/evenemang/{id}/{field}"
    refused = desk.send(page, {"do": "correct", "value": bad})
    assert refused.status_code == 422
    assert f'value="{bad}"' in refused.text
    assert desk.send(page, {"do": "correct", "value": good}).status_code == 303
    assert b"javascript:" not in town.feed()


def test_an_event_is_hidden_split_and_joined(desk: Desk) -> None:
    town = desk.town
    for source in ("klubben", "tidningen"):
        town.add(source)
        town.tell(source, vevent("Vårkonsert", at(8, 18), uid=source, location="Folkets Hus"))
    town.refresh()
    (id,) = town.ids().values()
    page = f"/staff/evenemang/{id}"
    split = desk.send(page, {"do": "split"}, holding="listing")
    assert len(town.ids()) == 2
    other = next(one for one in town.ids().values() if one != id)
    town.refresh(after=HOUR, force=True)
    assert len(town.ids()) == 2
    desk.send(split.headers["location"], {}, to="/staff/angra")
    assert len(town.ids()) == 1
    desk.send(page, {"do": "split"}, holding="listing")
    joined = desk.send(page, {"do": "join", "other": f"https://evenemang.example/evenemang/{other}/x"}, holding="other")
    assert joined.status_code == 303
    assert len(town.ids()) == 1
    hidden = desk.send(joined.headers["location"].partition("?")[0], {"do": "hide"}, holding="hide")
    assert town.ids() == {}
    town.refresh(after=HOUR, force=True)
    assert town.ids() == {}
    desk.send(hidden.headers["location"], {}, to="/staff/angra")
    assert len(town.ids()) == 1


# --- sources and places


SOURCE = {"name": "Ny förening", "role": "association", "layer": "leisure", "interval": "2h", "coverage": "auto"}
SOURCE |= {"format": "auto", "place": "", "category": "musik"}


def test_a_source_is_entered_edited_removed_and_restored(desk: Desk) -> None:
    town = desk.town
    town.site.file("/ny.ics", calendar(vevent("Ny kväll", at(9))), content_type="text/calendar")
    done = desk.send("/staff/kalla-ny", {**SOURCE, "url": town.site.url("/ny.ics")})
    assert done.headers["location"].startswith("/staff/kallor/ny-forening?")
    assert town.titles() == ["Ny kväll"]
    assert town.events()["Ny kväll"].content.categories == ("Musik",)
    page = "/staff/kallor/ny-forening"
    refused = desk.send(page, {**SOURCE, "url": "https://x.example/", "interval": "ofta", "do": "save"}, holding="save")
    assert refused.status_code == 422
    assert "30m, 1h eller 7d" in refused.text
    assert 'value="ofta"' in refused.text
    saved = desk.send(page, {**SOURCE, "url": town.site.url("/ny.ics"), "name": "Nyaste", "do": "save"}, holding="save")
    assert saved.status_code == 303
    assert "<h1>Nyaste</h1>" in desk.get(page).text
    gone = desk.send(page, {"do": "remove"})
    assert town.titles() == []
    assert page not in desk.get("/staff/kallor").text
    desk.send(gone.headers["location"], {}, to="/staff/angra")
    assert town.titles() == ["Ny kväll"]
    assert desk.did("enter") == ["source:ny-forening"]


def test_a_source_of_the_file_is_visited_and_paused_and_not_edited(desk: Desk) -> None:
    town = desk.town
    town.add("klubben")
    town.tell("klubben", *evenings(2))
    page = "/staff/kallor/klubben"
    assert 'name="interval"' not in desk.get(page).text
    assert desk.send(page, {**SOURCE, "do": "save"}).status_code == 404
    assert desk.send(page, {"do": "remove"}).status_code == 404
    desk.send(page, {"do": "visit"})
    assert len(town.titles()) == 2
    desk.send(page, {"do": "pause"})
    assert "Pausad" in desk.get(page).text
    desk.send(page, {"do": "resume"})
    assert town.state("klubben").paused is None


PLACE = {"name": "Folkets Hus", "address": "Storgatan 1", "aliases": "Folkan\nFolkets park", "geo": "55.6, 13.2"}


def test_a_place_is_entered_named_merged_moved_and_taken_back(desk: Desk) -> None:
    town = desk.town
    town.add("klubben")
    town.tell("klubben", vevent("Dans", at(8), location="Folkan i Byn"), vevent("Bio", at(9), location="Biografen"))
    town.refresh()
    assert "Folkan i Byn" in desk.get("/staff/platser").text
    bad = desk.send("/staff/plats-ny", {**PLACE, "geo": "norrut"})
    assert bad.status_code == 422
    assert "Folkets park" in bad.text
    assert desk.send("/staff/plats-ny", PLACE).headers["location"].startswith("/staff/platser/folkets-hus?")
    desk.send("/staff/plats-ny", {**PLACE, "name": "Folkan", "aliases": ""})
    assert "flera platser har det namnet" in desk.get("/staff/platser").text
    merged = desk.send("/staff/platser/folkan", {"do": "merge", "into": "folkets-hus"}, holding="merge")
    assert "flera platser har det namnet" not in desk.follow(merged).text
    assert desk.get("/staff/platser/folkan").status_code == 404
    desk.post("/staff/platser", {"token": token(desk), "alias": "Biografen", "into": "folkets-hus"})
    town._program = town.program.with_config(town.program.read_town())
    town.refresh(after=HOUR)
    assert {e.content.location.place for e in town.events().values() if e.content.location} == {"folkets-hus"}
    desk.send("/staff/platser/folkets-hus", {**PLACE, "geo": "55.7, 13.1", "do": "save"}, holding="save")
    assert 'value="55.7, 13.1"' in desk.get("/staff/platser/folkets-hus").text
    desk.send("/staff/platser", {}, to="/staff/angra", holding="folkan")
    assert desk.get("/staff/platser/folkan").status_code == 200


def token(desk: Desk) -> str:
    found: list[str] = re.findall(r'name="token" value="([^"]+)"', desk.get("/staff/plats-ny").text)
    return found[-1]


def test_an_event_is_entered_by_staff(desk: Desk) -> None:
    fields = {"title": "Loppis", "day": "2027-03-20", "begins": "22:00", "ends": "01:00", "place": "Torget"}
    bad = desk.send("/staff/evenemang-nytt", {**fields, "title": ""})
    assert bad.status_code == 422
    assert 'value="Torget"' in bad.text
    assert desk.send("/staff/evenemang-nytt", fields).status_code == 303
    when = desk.town.events()["Loppis"].content.when
    assert when.end is not None
    assert (when.end - when.start) == 3 * HOUR
    assert isinstance(event_offer(), OfferedEvent)
