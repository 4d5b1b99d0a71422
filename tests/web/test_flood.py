"""A flood of submissions at the forms of strangers: what it may leave behind, and that others can work meanwhile (F06).

`python -m benchmarks flood` does it with ten thousand within a minute, over a running program and a mail server.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from aggregator.model import Standing
from aggregator.store.tally import Limit
from tests.web.people import HOUR, Browser, Hall, form_of, letters
from tests.web.test_offers import AGREED, CONCERT, EVENT, WHO
from tests.web.test_own import inside

pytestmark = pytest.mark.anyio
MAILS, ALL = 5, 300
VICTIM = "offer@natet.example"


async def opened(town: Hall) -> dict[str, str]:
    """A form that has been open long enough; a program sends it as often as it likes."""
    form = form_of((await town.browser().get(EVENT)).text, EVENT)
    town.now += timedelta(seconds=3)
    return {**form, **CONCERT, **WHO, **AGREED, "steg": "lamna"}


async def flooded(town: Hall, count: int, *, victims: int = 0) -> Counter[int]:
    """So many submissions, each from a network of its own; every third to the victim, or all to some victims."""
    form, codes = await opened(town), Counter[int]()
    for n in range(count):
        to = f"v{n % victims}@natet.example" if victims else VICTIM if n % 3 == 0 else f"a{n}@natet.example"
        mine = town.browser(f"10.{n // 250}.{n % 250}.7")
        codes[(await mine.post(EVENT, {**form, "epost": to, "rubrik": f"Köp {n}"})).status_code] += 1
    return codes


def mailed(town: Hall) -> Counter[str]:
    return Counter(posted.letter.recipient for posted in town.store.outbox.list(1000))


async def test_F06_a_flood_from_everywhere_ends_and_leaves_so_much_and_no_more(town: Hall) -> None:
    codes = await flooded(town, 460)
    assert codes[200] == ALL
    assert codes[429] == 460 - ALL
    assert mailed(town)[VICTIM] == MAILS
    assert len(town.store.outbox.list(1000)) == town.store.submissions.counts()[Standing.UNCONFIRMED] == ALL
    assert town.store.submissions.queue() == []


async def test_F06_no_victim_gets_more_mails_in_a_day_than_twenty(town: Hall) -> None:
    for _ in range(6):
        await flooded(town, 7, victims=1)
        town.now += HOUR + timedelta(minutes=1)
    assert mailed(town) == {"v0@natet.example": 20}


async def test_F06_tips_and_submissions_share_what_an_address_may_get(town: Hall) -> None:
    await flooded(town, 9, victims=1)
    tally, to = town.store.tally, "v0@natet.example"
    assert not tally.take([Limit("report-mail", to, 2, 24 * HOUR), Limit("offer-mail", to, MAILS, HOUR)], town.now)
    assert tally.take([Limit("report-mail", to, 2, 24 * HOUR)], town.now), "what is refused counts under no limit"


async def test_F06_somebody_who_is_logged_in_fills_no_queue_either(town: Hall) -> None:
    mine: Browser = inside(town)
    path = "/min-sida/lamna-evenemang"
    form = form_of((await mine.get(path)).text, path)
    town.now += timedelta(seconds=3)
    codes = Counter[int]()
    for n in range(70):
        sent = await mine.post(
            path, {**form, **CONCERT, "rubrik": f"Konsert {n}", "roll": "organizer", "steg": "lamna"}
        )
        codes[sent.status_code] += 1
    assert codes == {303: 60, 429: 10}
    assert len(town.store.submissions.queue(limit=100)) == 60
    assert 'value="Konsert 69"' in sent.text, "nothing typed is lost"
    assert letters(town) == []
