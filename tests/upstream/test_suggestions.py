"""What waits for staff: told by a source, published by nobody, kept for as long as its source tells it."""

from __future__ import annotations

from aggregator import report
from aggregator.state import Suggestion
from tests.town import HOUR, NAMES, Town, at, vevent, weekly

FEED = "foreningen"
SURE = ("Vårkonsert lördag 20 mars kl. 18", "Välkomna.")
UNDATED = ("Tack för i år", "Styrelsen tackar alla som hjälpte till.")
UNSURE = ("Loppmarknad", "Det blir den 3 april.")
NEXT = ("Basar", "Det blir den 9 april.")


def feed(*items: tuple[str, str]) -> bytes:
    """A feed of items (title, text), each told on the first of March; its items have addresses by their titles."""
    told = "".join(
        f"<item><title>{title}</title><link>https://feed.example/{len(title)}</link><guid>{title}</guid>"
        f"<pubDate>Mon, 01 Mar 2027 08:00:00 +0100</pubDate><description>{text}</description></item>"
        for title, text in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Nytt</title>{told}</channel></rss>'.encode()


def told(town: Town, *items: tuple[str, str]) -> tuple[Suggestion, ...]:
    town.serve(FEED, feed(*items), "application/rss+xml")
    town.refresh(after=HOUR)
    return town.state(FEED).suggestions


def titles(suggestions: tuple[Suggestion, ...]) -> list[str]:
    return [one.title for one in suggestions]


def test_an_unsure_date_waits_for_staff_and_an_undated_item_does_not(small_town: Town) -> None:
    small_town.add(FEED)
    (one,) = told(small_town, SURE, UNDATED, UNSURE)
    assert small_town.titles() == ["Vårkonsert"]
    assert (one.title, one.start, one.url, one.reason) == (
        "Loppmarknad", "2027-04-03", "https://feed.example/11", "date-unsure",
    )  # fmt: skip
    told_again = small_town.refresh(after=HOUR, force=True)[FEED].suggestions
    assert [report.waiting(suggestion).split(":")[:2] for suggestion in told_again] == [
        ["waiting for staff", " “Loppmarknad”, 2027-04-03"]
    ]


def test_a_source_that_is_taken_out_suggests_nothing(small_town: Town) -> None:
    small_town.add(FEED)
    told(small_town, UNSURE)
    small_town.remove(FEED)
    assert small_town.state(FEED).suggestions == ()


def test_a_suggestion_outlives_answers_that_tell_it_unchanged(small_town: Town) -> None:
    small_town.add(FEED)
    first = told(small_town, UNSURE)
    assert len(first) == 1
    small_town.refresh(after=HOUR)
    assert small_town.state(FEED).suggestions == first
    assert titles(told(small_town, NEXT, UNSURE)) == ["Basar", "Loppmarknad"]
    assert titles(told(small_town, SURE, NEXT, UNSURE)) == ["Basar", "Loppmarknad"]


def test_a_suggestion_ends_with_its_item_and_when_its_date_is_certain(small_town: Town) -> None:
    small_town.add(FEED)
    assert titles(told(small_town, UNSURE, NEXT)) == ["Loppmarknad", "Basar"]
    assert titles(told(small_town, UNSURE)) == ["Loppmarknad"]
    assert told(small_town, (UNSURE[0], "Det blir lördag 3 april kl. 10.")) == ()
    assert small_town.titles() == ["Loppmarknad"]


def test_law_5_a_cut_answer_ends_no_suggestion(small_town: Town) -> None:
    small_town.add(FEED)
    told(small_town, UNSURE, NEXT)
    cut = feed(UNSURE, NEXT).split(b"<item><title>Basar")[0]
    small_town.serve(FEED, cut, "application/rss+xml")
    small_town.refresh(after=HOUR)
    assert titles(small_town.state(FEED).suggestions) == ["Loppmarknad", "Basar"]


def test_of_a_series_that_a_policy_asks_about_one_date_waits(small_town: Town) -> None:
    rule = {"id": "kurser", "do": "ask", "words": ["kurs*"], "reason": "Avgörs", "reason_en": "To be decided"}
    small_town.policies = [rule]
    small_town.add(FEED, policy=["kurser"])
    small_town.tell(FEED, weekly("Kurs i keramik", at(5), location="Verkstan"), vevent("Quiz", at(6)))
    small_town.refresh()
    (one,) = small_town.state(FEED).suggestions
    assert small_town.titles() == ["Quiz"]
    assert (one.start, one.place, one.reason) == ("2027-03-05T18:00:00+01:00", "Verkstan", "policy-ask")
    assert one.detail.startswith("Avgörs")


def test_a_source_that_suggests_without_end_keeps_a_hundred(small_town: Town) -> None:
    small_town.add(FEED)
    many = tuple((f"Loppis {NAMES[n % 30]} {n}", "Det blir den 3 april.") for n in range(110))
    assert len(told(small_town, *many)) == 100
