"""Ten thousand submissions within a minute, from thousands of networks, while staff and residents go on with theirs.

    python -m benchmarks flood [--count 10000] [--seconds 60] [--database URL]

The program is the real `evenemang serve` on loopback, mail goes to a real server there, and networks are told by a
proxy that is believed (`EVENEMANG_PROXIES`). Some of the flood writes to one victim, some to ten, the rest to
thousands. Fails where a victim gets more mails than the limit, something unconfirmed is in the queue, or staff's pages
do not answer.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
import psutil

from aggregator.store.engine import Database
from aggregator.store.rows import table
from tests.web.people import PASSWORD
from tests.web.whole import Whole, wait, whole

EVENT, SOURCE = "/lamna-evenemang", "/lamna-kalla"
MAILS = 5  # that one address may get in an hour
NETWORKS, VICTIMS, CONNECTIONS = 2500, 10, 40
SHARES = (("p50", 0.5), ("p95", 0.95), ("longest", 1.0))
SLOWEST = 5.0  # seconds: a page of staff that takes longer is not usable
EDITOR = "redaktor@byn.example"
WHO = {"namn": "Kansliet", "roll": "association", "guidelines": "1", "processing": "1"}
CONCERT = {"rubrik": "Vårkonsert", "dag": "2027-04-20", "fran": "18:30", "plats": "Kyrkan", "arrangor": "Kören"}
CALENDAR = {"adress": "https://sockenhuset.example/k.ics", "kalla": "Sockenhuset"}


@dataclass
class Told:
    """What came of it."""

    codes: Counter[str] = field(default_factory=Counter)
    flood: list[float] = field(default_factory=list)
    staff: list[float] = field(default_factory=list)
    residents: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)  # MiB, of all processes


def main() -> int:
    """Flood a town and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database", default="", help="a PostgreSQL address; without it SQLite")
    options = parser.parse_args()
    settings = {"PROXIES": "127.0.0.1", **({"DATABASE_URL": options.database} if options.database else {})}
    with tempfile.TemporaryDirectory() as name, whole(Path(name), **settings) as town:
        return flood(town, options.count, options.seconds, options.database)


def flood(town: Whole, count: int, seconds: float, database: str = "") -> int:
    """Flood a running town; the number of things that went wrong."""
    editor = _editor(town)
    wanted = [_honest(town, editor, n) for n in range(3)]
    told = Told(memory=[_memory(town)])
    asyncio.run(_all(town, editor, wanted, told, count, seconds))
    wait(lambda: _settled(town), 600)
    return _report(town, told, count, database or f"sqlite:///{town.folder}/evenemang.db")


def _editor(town: Whole) -> httpx.Client:
    """Staff who are logged in."""
    link = re.findall(rf"{re.escape(town.base)}/\S+", town.run("staff", "add", EDITOR))[0]
    client = httpx.Client(base_url=town.base, timeout=60, follow_redirects=True)
    client.post(link, data={"token": _token(client.get(link).text), "password": PASSWORD}).raise_for_status()
    return client


def _honest(town: Whole, editor: httpx.Client, number: int) -> str:
    """Somebody hands an event in and answers the mail, before the flood; where it waits for staff."""
    email = f"arlig{number}@kor.example"
    with httpx.Client(base_url=town.base, timeout=60, headers={"X-Forwarded-For": f"203.0.113.{number}"}) as client:
        form = {**_form(client, EVENT), **CONCERT, **WHO, "rubrik": f"Konsert {number}", "epost": email}
        time.sleep(2.1)  # shorter nobody takes to fill in a form
        client.post(EVENT, data={**form, "steg": "lamna"}).raise_for_status()
        link = urlsplit(town.link(email)).path
        client.post(link, data={"token": _token(client.get(link).text)})
    listed = editor.get("/staff/ko").text
    return re.findall(r'href="(/staff/ko/[0-9a-f]{8,})"', listed)[-1]


async def _all(town: Whole, editor: httpx.Client, wanted: list[str], told: Told, count: int, seconds: float) -> None:
    with httpx.Client(base_url=town.base) as client:
        forms = {path: _form(client, path) for path in (EVENT, SOURCE)}
    await asyncio.sleep(2.1)
    work: asyncio.Queue[bytes | None] = asyncio.Queue()
    hands = [asyncio.create_task(_hand(town, work, told)) for _ in range(CONNECTIONS)]
    end = asyncio.Event()
    others = [asyncio.create_task(one) for one in (_staff(town, editor, wanted, told, end), _resident(town, told, end))]
    began = time.monotonic()
    for number, request in enumerate(_requests(town, forms, count)):
        await asyncio.sleep(max(0.0, began + number * seconds / count - time.monotonic()))
        work.put_nowait(request)
        if number % 200 == 0:
            told.memory.append(_memory(town))
    for _ in hands:
        work.put_nowait(None)
    await asyncio.gather(*hands)
    told.flood.append(time.monotonic() - began)
    end.set()
    await asyncio.gather(*others)


def _requests(town: Whole, forms: Mapping[str, Mapping[str, str]], count: int) -> Iterator[bytes]:
    """The flood: every third to the one victim, every tenth to one of ten, the rest to whom you like."""
    for n in range(count):
        to = "offer@natet.example" if n % 3 == 0 else f"v{n % VICTIMS}@natet.example"
        to = to if n % 3 == 0 or n % 10 == 1 else f"a{n}@natet.example"
        path, words = (SOURCE, CALENDAR) if n % 5 == 0 else (EVENT, {**CONCERT, "rubrik": f"Köp nu {n}"})
        body = urlencode({**forms[path], **words, **WHO, "epost": to, "steg": "lamna"}).encode()
        network = f"10.{n % NETWORKS // 250}.{n % 250}.7"
        lines = [f"POST {path} HTTP/1.1", f"Host: {urlsplit(town.base).netloc}", f"X-Forwarded-For: {network}"]
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", ""]
        yield "\r\n".join(lines).encode() + body


async def _hand(town: Whole, work: asyncio.Queue[bytes | None], told: Told) -> None:
    """One connection that sends what there is; a new one where it was closed."""
    parts = urlsplit(town.base)
    pair: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    while (request := await work.get()) is not None:
        try:
            if pair is None:
                pair = await asyncio.open_connection(parts.hostname, parts.port)
            reader, writer = pair
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            await reader.readexactly(int(length[1]) if length else 0)
            told.codes[head.split(b" ", 2)[1].decode()] += 1
        except (OSError, asyncio.IncompleteReadError) as error:
            told.codes[type(error).__name__] += 1
            pair = None
    if pair is not None:
        pair[1].close()


async def _staff(town: Whole, editor: httpx.Client, wanted: list[str], told: Told, end: asyncio.Event) -> None:
    """Staff look at their pages, and approve what honest people had handed in."""
    cookies = dict(editor.cookies)
    async with httpx.AsyncClient(base_url=town.base, cookies=cookies, timeout=60) as client:
        while not end.is_set():
            for path in ("/staff", "/staff/ko", "/staff/kallor"):
                told.staff.append(await _timed(client, path, told))
            if wanted:
                path = wanted.pop()
                shown = (await client.get(path)).text
                form = next(f for f in re.findall(r"<form.*?</form>", shown, re.S) if 'value="approve"' in f)
                began = time.monotonic()
                done = await client.post(path, data={**_hidden(form), "do": "approve"})
                told.staff.append(time.monotonic() - began)
                if done.status_code != 303:
                    told.wrong.append(f"an approval during the flood: {done.status_code}")
            await asyncio.sleep(0.5)


async def _resident(town: Whole, told: Told, end: asyncio.Event) -> None:
    """Residents read the list and poll the calendar."""
    async with httpx.AsyncClient(base_url=town.base, timeout=60) as client:
        while not end.is_set():
            for path in ("/", "/events.ics"):
                told.residents.append(await _timed(client, path, told))
            await asyncio.sleep(0.5)


async def _timed(client: httpx.AsyncClient, path: str, told: Told) -> float:
    began = time.monotonic()
    answer = await client.get(path)
    if answer.status_code != 200:
        told.wrong.append(f"{path}: {answer.status_code}")
    return time.monotonic() - began


def _settled(town: Whole) -> bool:
    """Whether the postman has rested for a while."""
    before = len(town.mailbox.box.messages)
    time.sleep(7)
    return len(town.mailbox.box.messages) == before


def _report(town: Whole, told: Told, count: int, database: str) -> int:
    mails = Counter(str(message["To"]) for message in town.mailbox.box.messages)
    mails = Counter({to: n for to, n in mails.items() if "natet.example" in to})
    counts = _counts(database)
    most = mails.most_common(1)[0][1] if mails else 0
    told.memory.append(_memory(town))
    wrong = list(told.wrong)
    wrong += [f"a victim got {most} mails"] if most > MAILS else []
    wrong += [f"{counts['queue']} in the queue"] if counts["queue"] else []
    wrong += [f"staff waited {max(told.staff):.1f} s"] if max(told.staff) > SLOWEST else []
    answers = ", ".join(f"{n} × {code}" for code, n in told.codes.most_common())
    print(f"{count} submissions in {told.flood[0]:.0f} s: {answers}")
    for name, times in (("staff", told.staff), ("residents", told.residents)):
        shares = ", ".join(f"{word} {_part(times, share)}" for word, share in SHARES)
        print(f"{name}: {len(times)} looks, {shares}")
    print(f"mails {sum(mails.values())} to {len(mails)} addresses, most to one {most}; limit {MAILS} an hour")
    print(", ".join(f"{name} {n}" for name, n in counts.items()))
    print(f"memory {told.memory[0]:.0f} MiB before, {max(told.memory):.0f} at most, {told.memory[-1]:.0f} after")
    print("\n".join(wrong) or "all held", file=sys.stderr)
    return len(wrong)


def _counts(database: str) -> dict[str, int]:
    """Rows that the flood left, and what of it is in the queue."""
    found = Database(database)
    with found.read() as connection:
        names = {"submission": "submissions", "person": "people", "letter": "letters", "tally": "counted"}
        rows = {word: len(list(connection.execute(table(name).select()))) for name, word in names.items()}
        waiting = [row for row in connection.execute(table("submission").select()) if row.state == "waiting"]
    found.close()
    return {**rows, "queue": len(waiting)}


def _memory(town: Whole) -> float:
    processes = [psutil.Process(town.pid), *psutil.Process(town.pid).children(recursive=True)]
    return float(sum(process.memory_info().rss for process in processes)) / 2**20


def _part(times: list[float], share: float) -> str:
    ordered = sorted(times)
    return f"{ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000:.0f} ms"


def _form(client: httpx.Client, path: str) -> dict[str, str]:
    return _hidden(client.get(path).text)


def _hidden(markup: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', markup)
    return {name: unescape(value) for name, value in pairs}


def _token(markup: str) -> str:
    return str(re.findall(r'name="token" value="([^"]+)"', markup)[-1])


if __name__ == "__main__":
    sys.exit(main())
