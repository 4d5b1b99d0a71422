"""The laws of the fault catalogue, through refreshes: same bytes, any order, broken neighbours, cuts, databases."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aggregator.replay import Replayed, replay
from aggregator.sandbox import Sandbox
from tests.loopback import Loopback
from tests.town import DAY, HOUR, Town, at, calendar, evenings, open_town, vevent, weekly

FEEDS = ("/events.ics?from=2027-02-01&days=550", "/events.rss?dates=all", "/api/v1/events?from=2027-02-01&limit=500")
WIDE = "/events.ics?from=2027-02-01&days=550&lang=en"


def course(hour: int = 18, room: str = "Röda salen") -> list[str]:
    """A course with a moved date, a cancelled one, and one told twice, the newer second."""
    return [
        weekly("Kurs i akvarell", at(3, hour), uid="kurs", without=[at(24, hour)], location="Konsthallen"),
        vevent("Kurs i akvarell", at(11, 19), uid="kurs", slot=at(10, hour), location=room),
        vevent("Kurs i akvarell", at(17, hour), uid="kurs", slot=at(17, hour), status="CANCELLED"),
        vevent("Årsmöte", at(20), uid="möte", sequence="0", description="Välkommen"),
        vevent("Årsmöte", at(20), uid="möte", sequence="1", status="CANCELLED"),
    ]


def paper(place: str = "Kyrkan") -> list[str]:
    return [vevent("Orgelkonsert med Bach", at(13), uid="", location=place), *evenings(4)]


def church(place: str = "Kyrkan") -> list[str]:
    """Tells the concert of the paper too; two events under one UID."""
    return [
        vevent("Orgelkonsert med Bach", at(13), uid="x1", location=place, categories="Musik"),
        vevent("Soppa", at(14, 12), uid="delad"),
        vevent("Sopplunch för daglediga", at(15, 12), uid="delad"),
    ]


SOURCES: dict[str, Callable[[], list[str]]] = {"kyrkan": church, "klubben": course, "tidningen": paper}
ROLES = {"kyrkan": "organizer", "klubben": "association", "tidningen": "media"}


def told(town: Town) -> list[bytes]:
    """The bytes of every kind of feed, but for when each source was last heard."""
    return [re.sub(rb'"lastSeen": "[^"]+"', b"", town.feed(path)) for path in FEEDS]


@dataclass
class Towns:
    """Opens further towns in one test, each with its own server, folder and database."""

    folder: Path
    readers: Sandbox
    set_env: Callable[[str, str], None]
    number: int = field(default=0)

    def bytes_of(self, order: list[str], shuffle: Callable[[list[str]], None], url: str | None = None) -> list[bytes]:
        """All feeds of a new town with the sources in this order, their components shuffled."""
        self.number += 1
        folder = self.folder / str(self.number)
        folder.mkdir()
        with Loopback() as site, open_town(folder, site, self.readers, url or _sqlite(folder), self.set_env) as town:
            for id in order:
                components = SOURCES[id]()
                shuffle(components)
                town.add(id, role=ROLES[id])
                town.tell(id, *components)
            town.refresh()
            return [body.replace(site.authority.encode(), b"site") for body in told(town)]


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'evenemang.db'}"


@pytest.fixture
def towns(tmp_path: Path, readers: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Towns:
    return Towns(tmp_path, readers, monkeypatch.setenv)


@pytest.fixture
def full(town: Town) -> Town:
    """The three sources, told once."""
    for id, components in SOURCES.items():
        town.add(id, role=ROLES[id])
        town.tell(id, *components())
    town.refresh()
    return town


def as_they_are(_components: list[str]) -> None:
    """No shuffling."""


def test_law_2_the_same_bytes_change_nothing_however_often_and_however_hard_they_are_read(full: Town) -> None:
    before, version = told(full), full.version()
    for force in (False, True, True):
        reports = full.refresh(after=HOUR, force=force)
        assert {(r.new, r.changed, r.withdrawn, r.absent) for r in reports.values()} == {(0, 0, 0, 0)}
        assert (told(full), full.version()) == (before, version)
    assert full.changes() == []


def test_law_3_the_order_of_sources_and_components_changes_no_byte(towns: Towns) -> None:
    wanted = towns.bytes_of(list(SOURCES), as_they_are)
    for seed in range(3):
        rnd = random.Random(seed)
        order = list(SOURCES)
        rnd.shuffle(order)
        assert towns.bytes_of(order, rnd.shuffle) == wanted


@pytest.mark.postgres
def test_law_3_the_other_database_gives_the_same_bytes(towns: Towns, postgres_url: str) -> None:
    order = list(SOURCES)
    assert towns.bytes_of(order, as_they_are, postgres_url) == towns.bytes_of(order, as_they_are)


@pytest.mark.parametrize(
    "broken",
    [
        vevent("Trasig", at(5), uid="trasig").replace("DTSTART", "DTSTRAT"),
        vevent("Trasig", at(5), "RRULE:FREQ=SECONDLY;INTERVAL=0", uid="").replace("SUMMARY:Trasig", "SUMMARY:"),
        vevent("Trasig", at(5), uid="trasig").replace("2027", "9999"),
        vevent("Trasig", at(5), "CLASS:PRIVATE", uid="trasig"),
        "BEGIN:VTODO\r\nSUMMARY:Handla\r\nEND:VTODO",
        "BEGIN:VEVENT\r\nEND:VEVENT",
    ],
    ids=["no start", "no title", "no such year", "private", "no event", "nothing"],
)
def test_law_4_a_broken_item_changes_nothing_else(small_town: Town, broken: str) -> None:
    small_town.add("klubben")
    small_town.tell("klubben", *course(), *evenings(3))
    small_town.refresh()
    before, version = small_town.feed(WIDE), small_town.version()
    for place in (0, 4, 8):
        components = [*course(), *evenings(3)]
        components.insert(place, broken)
        small_town.tell("klubben", *components)
        small_town.refresh(after=HOUR)
        assert (small_town.feed(WIDE), small_town.version()) == (before, version)


def cut_everywhere(town: Town, count: int, seed: int) -> None:
    """Cut each source at random bytes, time after time; nothing that is published may change."""
    rnd = random.Random(seed)
    bodies = {id: calendar(*components()) for id, components in SOURCES.items()}
    before = told(town)
    for _ in range(count):
        for id, body in bodies.items():
            at_byte = rnd.randrange(len(body) - 3)  # without the last line end alone it is whole
            town.serve(id, body[:at_byte])
        town.refresh(after=HOUR)
        assert told(town) == before
    for id, body in bodies.items():
        town.serve(id, body)
    town.refresh(after=HOUR)
    assert told(town) == before


def test_law_5_a_cut_file_changes_nothing(full: Town) -> None:
    cut_everywhere(full, 5, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_law_5_a_cut_file_changes_nothing_at_hundreds_of_bytes(full: Town, seed: int) -> None:
    cut_everywhere(full, 50, seed=100 + seed)


def test_law_5_a_cut_new_file_brings_only_what_the_whole_one_says_and_nothing_turns_back(small_town: Town) -> None:
    """Each event is as the old file says or as the new one does, and once it is new it stays so."""
    small_town.add("klubben")
    old, new = [*evenings(6), *course()], [*renewed(evenings(6)), *course(19, "Blå salen")]
    small_town.tell("klubben", *new)
    small_town.refresh()
    wanted = {e.content for e in small_town.events().values()}
    small_town.tell("klubben", *old)
    small_town.refresh(after=HOUR)
    body, rnd = calendar(*new), random.Random(7)
    reached: set[str] = set()
    before = small_town.events()
    for _ in range(10):
        small_town.serve("klubben", body[: rnd.randrange(len(body) - 3)])
        small_town.refresh(after=HOUR)
        after = {e.id: e.content for e in small_town.events().values()}
        known = {e.id: e.content for e in before.values()}
        assert known.keys() <= after.keys()
        assert all(content in wanted or content == known[id] for id, content in after.items())
        arrived = {id for id, content in after.items() if content in wanted}
        assert reached <= arrived
        reached = arrived
    small_town.serve("klubben", body)
    small_town.refresh(after=HOUR)
    assert {e.content for e in small_town.events().values()} == wanted


def renewed(components: list[str]) -> list[str]:
    return [text.replace("END:VEVENT", "DESCRIPTION:Nytt besked\r\nEND:VEVENT") for text in components]


def test_law_5_damage_that_lasts_for_days_does_not_turn_an_override_back(small_town: Town) -> None:
    """The moving window reads what is kept; the master alone must not speak for the moved date."""
    small_town.add("klubben")
    small_town.tell("klubben", *course())
    small_town.refresh()
    moved = small_town.events()["Kurs i akvarell 2027-03-11"]
    small_town.serve("klubben", calendar(course()[0])[:-10])
    small_town.pass_days(4)
    assert small_town.events()["Kurs i akvarell 2027-03-11"] == moved


def test_law_7_a_week_at_a_time_gives_the_dates_of_the_whole(small_town: Town) -> None:
    """The window that moves day by day ends with the dates that one reading at the end would give."""
    small_town.add("klubben")
    small_town.add("sena")
    for id in ("klubben", "sena"):
        small_town.tell(id, *course())
    small_town.refresh("klubben")
    small_town.now += 20 * DAY
    for _ in range(3):
        small_town.now += 5 * DAY
        small_town.refresh("klubben")
    small_town.refresh("sena")
    first = small_town.now.date().isoformat()
    starts = {
        id: sorted(s.listing.stated.start for s in small_town.listings(id) if s.listing.stated.start > first)
        for id in ("klubben", "sena")
    }
    assert starts["klubben"] == starts["sena"]


def replayed(town: Town) -> list[Replayed]:
    """What a replay with `--store` decides."""
    return list(replay(town.program.kit, town.program.config.sources, town.now, store=True))


def test_law_8_a_replay_with_unchanged_rules_decides_nothing(full: Town) -> None:
    before, version = told(full), full.version()
    full.now += HOUR
    assert [found for found in replayed(full) if not found.idle] == []
    assert (told(full), full.version(), full.changes()) == (before, version, [])


def test_law_8_a_replay_publishes_nothing_that_is_held_nor_our_own(small_town: Town) -> None:
    small_town.add("klubben")
    small_town.tell("klubben", *evenings(6))
    small_town.refresh()
    small_town.add("eko")
    small_town.serve("eko", small_town.feed().replace(b"-//Evenemang//", b"-//Annan//"))
    small_town.tell("klubben", *(vevent(f"Bonus {n}", at(2 + n), uid=f"s{n}") for n in range(5)))
    small_town.refresh(after=HOUR)
    titles = small_town.titles()
    assert len(titles) == 6
    assert [found.source for found in replayed(small_town) if found.error] == ["klubben"]
    assert small_town.titles() == titles
