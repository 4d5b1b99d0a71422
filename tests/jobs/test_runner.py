"""The embedded runner over a real town: who is visited when, what an edit does, how it ends."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator import config, ingest
from aggregator.errors import StoreError
from aggregator.model import Person, Source
from aggregator.plan import Plan
from aggregator.slots import AT_ONCE, Slots
from tests.jobs.hands import Hands, look, runner
from tests.loopback import Asked
from tests.store.making import broken
from tests.town import DAY, HOUR, NAMES, NOW, Town, at, evenings, vevent, weekly

pytestmark = pytest.mark.anyio
TITLES = {"klubben": "Quizkväll", "kyrkan": "Orgelmusik", "nykomling": "Keramik", "stangd": "Linedance", "a-felet": "X"}
TITLES |= {f"kalla-{n}": name for n, name in enumerate(NAMES[:8])}


def filled(town: Town, *ids: str, **options: object) -> None:
    for id in ids:
        town.add(id, **options)
        town.tell(id, vevent(TITLES[id], at(3 + list(TITLES).index(id)), uid=id))


async def test_what_is_due_is_visited_once_an_interval(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben", interval="1h")
    filled(town, "kyrkan", interval="3h")
    one = runner(town, hands)
    for _ in range(7):
        await look(one)
        await look(one)
        hands.pass_(HOUR)
    assert (town.site.hits("/klubben.ics"), town.site.hits("/kyrkan.ics")) == (7, 3)
    assert town.titles() == ["Quizkväll", "Orgelmusik"]


async def test_D05_two_processes_visit_each_source_once_a_slot(town: Town) -> None:
    """Both look at the same moments; who comes second finds the source visited, or being visited."""
    hands, ids = Hands(), [f"kalla-{n}" for n in range(6)]
    filled(town, *ids, interval="1m")
    both = runner(town, hands, "one"), runner(town, hands, "two")
    for _ in range(4):
        await look(*both)
        hands.pass_(timedelta(seconds=6))  # past the rest of who came too late
        await look(*both)
        hands.pass_(timedelta(seconds=54))
    assert [town.site.hits(f"/{id}.ics") for id in ids] == [4] * 6
    assert [len(town.program.store.tries(id)) for id in ids] == [4] * 6


async def test_a_paused_source_and_a_disabled_one_are_left_in_peace(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben")
    filled(town, "stangd", enabled=False)
    ledger = town.program.kit.ledger
    ingest.apply(
        town.program.kit,
        "klubben",
        lambda state, _stored, _chunks: Plan(state=replace(state, paused="staff")),
        NOW,
    )
    one = runner(town, hands)
    for _ in range(3):
        await look(one)
        hands.pass_(HOUR)
    assert (town.site.hits("/klubben.ics"), town.site.hits("/stangd.ics")) == (0, 0)
    assert ledger.state("klubben").paused == "staff"


async def test_an_edit_of_the_file_is_followed(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben", "kyrkan")
    one = runner(town, hands)
    await look(one)
    program, town._program = town.program, None  # the runner alone reads the file from here on
    filled(town, "nykomling")
    town.remove("kyrkan")
    await look(one)
    town._program = program
    assert town.titles() == ["Quizkväll", "Keramik"]
    assert town.state("kyrkan").removed


async def test_a_broken_edit_keeps_the_last_good_file_and_is_told(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben")
    one = runner(town, hands)
    await look(one)
    file = town.folder / "sources.yaml"
    file.write_text(file.read_text() + "\n- nonsense\n")
    hands.pass_(HOUR)
    with capture_logs() as logs:
        await look(one)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["config.broken"]
    assert town.site.hits("/klubben.ics") == 2
    assert town.titles() == ["Quizkväll"]


async def test_a_source_taken_out_while_another_process_is_at_it_goes_later(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben", "kyrkan")
    one = runner(town, hands)
    await look(one)
    held = town.program.kit.ledger.acquire("kyrkan", "another", hands.now)
    assert held is not None
    program, town._program = town.program, None
    town.remove("kyrkan")
    town._program = program
    await look(one)
    assert not town.state("kyrkan").removed
    town.program.kit.ledger.give_back(held)
    await look(one)
    assert town.state("kyrkan").removed
    assert town.titles() == ["Quizkväll"]


async def test_D03_a_stop_while_a_source_hangs_is_quick_and_gives_its_lease_back(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben")
    one, stop, reached = runner(town, hands), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def hanging(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
        loop.call_soon_threadsafe(reached.set)
        await asyncio.sleep(60)

    town.site.script("/klubben.ics", hanging)
    running = asyncio.create_task(one.run(stop))
    await asyncio.wait_for(reached.wait(), 30)
    began = time.monotonic()
    stop.set()
    await running
    assert time.monotonic() - began < 10
    assert town.program.kit.ledger.acquire("klubben", "next", hands.now) is not None
    assert town.state("klubben").failures == 0


async def test_one_source_that_fails_or_hangs_keeps_no_other_waiting(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "a-felet", "klubben")
    town.site.page("/a-felet.ics", b"", status=500)
    one = runner(town, hands)
    await look(one)
    assert town.titles() == ["Quizkväll"]
    assert town.state("a-felet").failures == 1
    hands.pass_(timedelta(minutes=2))
    await look(one)
    assert town.site.hits("/a-felet.ics") == 1


async def test_D07_a_failure_that_cannot_be_stored_is_not_tried_in_a_loop(
    tmp_path: Path, small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben")
    one = runner(town, hands)
    database = town.program.store._database
    with database.outside() as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON fetch BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    for _ in range(5):
        await look(one)
        hands.pass_(timedelta(seconds=10))
    assert town.site.hits("/klubben.ics") == 1
    with database.outside() as connection:
        connection.execute("DROP TRIGGER full")
    hands.pass_(timedelta(minutes=1))
    await look(one)
    assert town.titles() == ["Quizkväll"]


async def test_D11_a_runner_never_starts_on_a_damaged_database(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben")
    one = runner(town, hands)
    await look(one)
    with town.program.store._database.outside() as connection:
        connection.execute("UPDATE event SET body = '{' || body")
    with pytest.raises(StoreError, match="put the newest backup in its place"):
        await runner(town, hands).run(asyncio.Event())


async def test_D11_the_nightly_look_finds_damage_and_ends_the_writing(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben")
    one, stop = runner(town, hands), asyncio.Event()
    await look(one)
    with town.program.store._database.outside() as connection:
        connection.execute("UPDATE snapshot SET body = zeroblob(9)")
    hands.pass_(DAY)
    await look(one)
    assert one.follower._damage is not None
    stop.set()


async def test_D15_after_three_days_of_sleep_there_is_one_visit(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben", "kyrkan", interval="1h")
    one = runner(town, hands)
    await look(one)
    hands.jump(3 * DAY)
    for _ in range(10):
        await look(one)
        hands.pass_(timedelta(minutes=1))
    assert (town.site.hits("/klubben.ics"), town.site.hits("/kyrkan.ics")) == (2, 2)


@pytest.mark.parametrize("jump", [timedelta(days=4), timedelta(days=27_000), timedelta(days=-20_000), HOUR, -HOUR])
async def test_D14_a_jump_of_the_clock_lets_nothing_expire(small_town: Town, jump: timedelta) -> None:
    """Half of it missing while the clock is wrong; then the clock is right again, and so is the source."""
    hands, town = Hands(), small_town
    town.add("klubben", coverage="complete")
    told = [*evenings(12), weekly("Körövning", at(2, 19))]
    town.tell("klubben", *told)
    one = runner(town, hands)
    await look(one)
    before = [(e.id, e.content.title) for e in town.program.store.events() if e.withdrawn is None]
    town.tell("klubben", *told[:6])
    hands.jump(jump)
    for _ in range(5):
        await look(one)
        hands.pass_(HOUR)
    after = [(e.id, e.content.title) for e in town.program.store.events() if e.withdrawn is None]
    assert set(before) <= set(after)
    hands.jump(-jump)
    town.tell("klubben", *told)
    for _ in range(3):
        await look(one)
        hands.pass_(HOUR)
    assert {e.id for e in town.program.store.events() if e.withdrawn is None} >= {id for id, _ in before}
    assert town.state("klubben").absent == ()


async def test_D14_where_days_went_by_in_truth_what_is_missing_goes(small_town: Town) -> None:
    """A program started anew knows of no jump: its clock is the truth, and evidence counts."""
    hands, town = Hands(), small_town
    town.add("klubben", coverage="complete")
    town.tell("klubben", *evenings(20, first=10))
    await look(runner(town, hands))
    town.tell("klubben", *evenings(18, first=10))
    for _ in range(2):
        hands.jump(DAY + HOUR)
        anew = runner(town, hands)
        for _ in range(2):  # what is overdue at a start is spread over the seconds that follow
            await look(anew)
            hands.pass_(timedelta(seconds=1))
    assert len(town.titles()) == 18


async def test_D14_a_clock_that_stays_where_it_jumped_is_believed_after_a_day(small_town: Town) -> None:
    hands, town = Hands(), small_town
    town.add("klubben", coverage="complete")
    town.tell("klubben", *evenings(20, first=10))
    one = runner(town, hands)
    await look(one)
    town.tell("klubben", *evenings(18, first=10))
    hands.jump(2 * DAY)
    for _ in range(20):
        await look(one)
        hands.pass_(HOUR)
    assert len(town.titles()) == 20
    for _ in range(10):
        await look(one)
        hands.pass_(HOUR)
    assert len(town.titles()) == 18


async def test_the_day_is_done_once_by_whoever_comes_first(town: Town) -> None:
    hands = Hands()
    filled(town, "klubben")
    both = runner(town, hands, "one"), runner(town, hands, "two")
    await look(*both)
    town.program.kit.ledger.keep_snapshot(b"old", "", "", hands.now - 31 * DAY)
    hands.pass_(DAY)
    with capture_logs() as logs:
        await look(*both)
    assert not [line for line in logs if line["log_level"] == "error"]
    with town.program.store._database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM snapshot").scalar_one() == 1
    assert broken(town.program.settings.database_url) == []


async def test_B56_sources_of_one_host_are_asked_one_at_a_time(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, *(f"kalla-{n}" for n in range(8)))
    await look(runner(town, hands))
    assert town.site.busiest == 1
    assert len(town.titles()) == 8


async def test_D18_two_hundred_slow_sources_of_one_host_keep_no_other_waiting() -> None:
    order: list[str] = []
    slots, gate, enough = Slots(), asyncio.Event(), asyncio.Event()

    async def visit(source: Source) -> None:
        async with slots.slot(source):
            if source.id.startswith("slow"):
                await gate.wait()
            order.append(source.id)
            if len(order) == 55:
                enough.set()

    slow = [Source(id=f"slow-{n}", name="", url="https://slow.example/x") for n in range(200)]
    others = [Source(id=f"other-{n}", name="", url=f"https://other-{n}.example/x") for n in range(50)]
    local = [Source(id=f"file-{n}", name="", path="a.ics") for n in range(5)]
    tasks = [asyncio.create_task(visit(source)) for source in (*slow, *others, *local)]
    await asyncio.wait_for(enough.wait(), 10)
    assert not any(id.startswith("slow") for id in order)
    gate.set()
    await asyncio.gather(*tasks)
    assert len(order) == 255


async def test_D04_no_more_are_asked_at_once_than_there_are_slots() -> None:
    slots, open_now, most = Slots(), 0, 0

    async def visit(source: Source) -> None:
        nonlocal open_now, most
        async with slots.slot(source):
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0)
            open_now -= 1

    sources = [Source(id=f"kalla-{n}", name="", url=f"https://host-{n}.example/") for n in range(500)]
    await asyncio.gather(*(visit(source) for source in sources))
    assert most == AT_ONCE


async def test_a_source_renamed_keeps_its_events_under_its_new_name(small_town: Town) -> None:
    hands, town = Hands(), small_town
    filled(town, "klubben")
    one = runner(town, hands)
    await look(one)
    ids = town.ids()
    program, town._program = town.program, None
    town.sources["foreningen"] = {**town.sources.pop("klubben"), "id": "foreningen", "was": "klubben"}
    town.edit()
    await look(one)
    town._program = program.with_config(config.load(town.folder / "sources.yaml"))
    assert town.ids() == ids
    assert [e.content.sources for e in town.events().values()] == [("foreningen",)]
    assert [s.id for s in town.program.store.sources()] == ["foreningen"]


async def test_G10_what_is_over_goes_within_the_hour(small_town: Town) -> None:
    """The chores of the day come once a day: 48 hours would be 72."""
    hands, town = Hands(), small_town
    people = town.program.store.people
    people.put(Person(id="p1", email="p1@holken.example", name="", created=NOW))
    one = runner(town, hands)
    for hours in (47, 1):
        await look(one)
        assert people.person("p1") is not None
        hands.pass_(hours * HOUR)
    await look(one)
    assert people.person("p1") is None
