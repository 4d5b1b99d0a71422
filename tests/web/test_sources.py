"""`/kallor` and `/kallor/{id}`: how every source does, in words, in a picture with words, without anything of ours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aggregator.model import Counts, Problem
from aggregator.state import SourceState
from aggregator.store.store import Visits
from aggregator.web import spark
from tests.web.memory import NOW, World

pytestmark = pytest.mark.anyio
TODAY = NOW.date()
BODY = (
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u7\r\nSUMMARY:Afton\r\nDTSTART:i morgon\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def world() -> World:
    """A town in which one source does well and one has failed for two days."""
    made = World()
    made.store.states = [
        SourceState(
            id="biblioteket", format="ical", tried=NOW, good=NOW, due=NOW, counts=Counts(inside=4, refused=1),
            problems=(Problem("no-start", "Afton", "i morgon"),), wants=("ends",),
        ),
        SourceState(
            id="kommunen", tried=NOW, good=NOW - timedelta(days=2), failures=5, failing_since=NOW - timedelta(days=2),
            error="10.0.0.7 refused", error_code="not-found", due=NOW + timedelta(hours=3),
        ),
    ]  # fmt: skip
    made.store.answers = {"biblioteket": BODY}
    made.store.visits = {
        "kommunen": [
            Visits(TODAY - timedelta(days=40), "read", 24, 9),
            Visits(TODAY - timedelta(days=3), "read", 20, 12),
            Visits(TODAY - timedelta(days=3), "unchanged", 4, 12),
            Visits(TODAY - timedelta(days=2), "held", 2, 12),
            Visits(TODAY - timedelta(days=1), "failed", 24, 0),
            Visits(TODAY, "failed", 3, 0),
        ]
    }
    return made


async def test_what_needs_a_look_comes_first_and_is_told_in_words(world: World) -> None:
    page = (await world.get("/kallor")).text
    assert page.index("Staffanstorps kommun<") < page.index("Staffanstorps bibliotek<")
    assert "Läses med anmärkning: 1 · Går inte att läsa: 1" in page
    assert "Går inte att läsa sedan fredag 8 januari" in page
    assert "10.0.0.7" not in page
    english = (await world.get("/en/kallor")).text
    assert "Can&#39;t be read since Friday 8 January" in english
    assert "sedan" not in english


async def test_a_source_says_what_is_wrong_what_is_shown_and_how_it_is_mended(world: World) -> None:
    page = (await world.get("/kallor/kommunen")).text
    assert "Kalendern finns inte längre på sin adress (404). Har den flyttat?" in page
    assert "visas fortfarande. Vi försöker igen i dag kl. 13.00." in page
    assert "Leta efter" not in page.split("<details")[0]
    assert "Adressen leder inte till en kalender." in page
    assert "10.0.0.7" not in page


async def test_a_problem_tells_its_line(world: World) -> None:
    page = (await world.get("/kallor/biblioteket")).text
    assert "Rad\u00a05: <code>DTSTART:i morgon</code>" in page
    assert "De flesta evenemang saknar sluttid." in page
    world.store.answers = {}
    assert "Rad\u00a05" not in (await world.get("/kallor/biblioteket")).text


async def test_the_picture_has_its_words_and_no_style_of_its_own(world: World) -> None:
    page = (await world.get("/kallor/kommunen")).text
    assert 'role="img" aria-labelledby="spark"' in page
    assert (
        '<title id="spark">Av 30 dagar: lästes 1, väntade på granskning 1, gick inte att läsa 2, inget besök 26.'
        in page
    )
    assert page.count("<rect") == 4
    assert "style=" not in page
    assert "söndag 10 januari: gick inte att läsa" in page
    quiet = (await world.get("/kallor/biblioteket")).text
    assert "<svg" not in quiet


async def test_a_page_of_a_source_that_is_not_there_is_none(world: World) -> None:
    assert (await world.get("/kallor/okand")).status_code == 404


def test_a_day_is_as_good_as_its_best_answer_unless_something_waits() -> None:
    days = spark.days(
        [
            Visits(date(2027, 1, 9), "failed", 20, 0),
            Visits(date(2027, 1, 9), "unchanged", 1, 7),
            Visits(date(2027, 1, 10), "held", 1, 7),
            Visits(date(2027, 1, 10), "read", 1, 7),
            Visits(date(2027, 1, 8), "unheard-of", 1, 0),
        ],
        date(2027, 1, 10),
    )
    assert [(day.state, day.events) for day in days[-4:]] == [("none", 0), ("failed", 0), ("read", 7), ("held", 7)]
    assert len(days) == spark.DAYS


def test_bars_stand_on_the_line_and_failures_hang_below_it() -> None:
    told = [
        spark.Day(TODAY, "read", 10),
        spark.Day(TODAY, "read", 0),
        spark.Day(TODAY, "failed"),
        spark.Day(TODAY, "none"),
    ]
    picture = spark.picture(told)
    assert [(bar.y, bar.y + bar.height) for bar in picture.bars] == [(0, 36), (33, 36), (36, 48)]
    assert all(bar.x + picture.bar <= picture.width for bar in picture.bars)
