"""The commands as an operator meets them: what they print, where, and how they end."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from aggregator import __version__
from aggregator.cli import main, words
from tests.cli.town import TOWN, Town, calendar


def ids(town: Town) -> list[str]:
    with sqlite3.connect(town.folder / "evenemang.db") as connection:
        return [row[0] for row in connection.execute("SELECT id FROM event ORDER BY id")]


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"evenemang {__version__}\n"


@pytest.mark.parametrize("command", words())
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0
    said = capsys.readouterr().out
    assert "--config" in said
    assert said.startswith(f"Usage: evenemang {command}")


@pytest.mark.parametrize("line", ["nonsense", "refresh --alll", "decide same", "backup", "serve --port many", "db"])
def test_wrong_usage_ends_with_2_and_prints_no_result(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    said = capsys.readouterr()
    assert said.err or line == "db"


def test_check_tells_that_all_is_well(town: Town) -> None:
    said = town.run("sources", "check")
    assert (said.code, said.err) == (0, "")
    assert "2 of 3 sources enabled" in said.out


def test_check_tells_every_error_with_file_line_and_key(town: Town) -> None:
    town.write(
        {"sources.yaml": TOWN.replace("role: organizer", "role: boss").replace("enabled: false", "enabled: perhaps")}
    )
    said = town.run("sources", "check")
    assert said.code == 1
    assert [line.removeprefix(f"{town.folder}/").split(" ")[0] for line in said.lines] == [
        "sources.yaml:4:",
        "sources.yaml:6:",
    ]


def test_check_tells_of_a_file_that_is_missing(town: Town) -> None:
    (town.folder / "kommunen.ics").unlink()
    said = town.run("sources", "check")
    assert (said.code, "there is no file 'kommunen.ics'" in said.out) == (1, True)


def test_a_broken_file_stops_every_command_with_its_errors(town: Town) -> None:
    town.write({"sources.yaml": "calendar: {nam: x}\nplaces: 1\n"})
    said = town.run("refresh", "--all")
    assert (said.code, said.out) == (1, "")
    assert len(said.err.splitlines()) == 3


def test_D23_a_wrong_setting_stops_a_command_with_one_sentence(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENEMANG_SECRET_KEY", "short")
    said = town.run("sources", "list")
    assert (said.code, said.out) == (1, "")
    assert said.err == "EVENEMANG_SECRET_KEY: must have at least 32 characters\n"


def test_refresh_tells_one_line_a_source_and_tells_the_doubled_event_once(town: Town) -> None:
    said = town.run("refresh", "--all")
    assert (said.code, len(said.lines)) == (0, 2)
    assert said.lines[0].startswith("biblioteket: read; 1 events read: 1 inside the window")
    assert len(ids(town)) == 6


def test_law_2_a_second_refresh_changes_nothing(town: Town) -> None:
    town.run("refresh", "--all")
    before = ids(town)
    said = town.run("refresh", "--all")
    assert [line.split(";")[0].split(": ")[1] for line in said.lines] == ["unchanged", "unchanged"]
    assert ids(town) == before


def test_refresh_without_names_visits_what_is_due(town: Town) -> None:
    assert len(town.run("refresh").lines) == 2
    said = town.run("refresh")
    assert (said.code, said.out) == (0, "")
    assert "no source is due" in said.err


def test_a_source_that_fails_is_a_line_and_exit_1_and_its_events_stay(town: Town) -> None:
    town.run("refresh", "--all")
    before = ids(town)
    town.write({"kommunen.ics": "<!doctype html><title>Logga in</title><p>404"})
    said = town.run("refresh", "--all")
    assert said.code == 1
    assert [line for line in said.lines if line.startswith("kommunen: failed: ")]
    assert ids(town) == before
    again = town.run("refresh", "--all")
    assert [line for line in again.lines if line.startswith("kommunen: skipped: backing off until")]
    assert again.code == 0
    assert "kommunen: failed" in town.run("refresh", "--all", "--force").out


def test_a_dry_run_tells_what_would_happen_and_stores_nothing(town: Town) -> None:
    said = town.run("refresh", "--all", "--dry-run")
    assert said.code == 0
    assert "biblioteket: read; 1 events read" in said.out
    assert ids(town) == []


@pytest.mark.parametrize(
    ("name", "sentence"), [("bibliotek", "did you mean biblioteket?"), ("avstangd", "is disabled in")]
)
def test_a_source_that_can_not_be_visited_is_wrong_usage(town: Town, name: str, sentence: str) -> None:
    said = town.run("refresh", name)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


def test_the_list_of_sources_tells_their_health(town: Town) -> None:
    town.run("refresh", "biblioteket")
    rows = {row["id"]: row for row in json.loads(town.run("sources", "list", "--json").out)}
    assert (rows["biblioteket"]["health"], rows["kommunen"]["health"]) == ("good", "new")
    assert rows["avstangd"]["health"] == "disabled"
    plain = town.run("sources").lines
    assert plain[0].split("\t")[:2] == ["id", "health"]
    assert plain[1].split("\t")[:3] == ["biblioteket", "good", "1"]


FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Nytt</title><item><title>Loppmarknad</title>'
    "<guid>1</guid><pubDate>Mon, 23 Nov 2026 08:00:00 +0100</pubDate>"
    "<description>Det blir den 3 december.</description></item></channel></rss>"
)


def test_what_waits_for_staff_is_listed_and_explained(town: Town) -> None:
    town.write({"kommunen.ics": FEED})
    assert town.run("refresh", "kommunen").code == 0
    rows = {row["id"]: row for row in json.loads(town.run("sources", "list", "--json").out)}
    (waiting,) = rows["kommunen"]["suggestions"]
    assert (waiting["title"], waiting["start"], waiting["reason"]) == ("Loppmarknad", "2026-12-03", "date-unsure")
    assert rows["biblioteket"]["suggestions"] == []
    said = town.run("explain", "loppmarknad")
    (line,) = [line for line in said.lines if "väntar på personalen" in line]
    assert line.startswith("”Loppmarknad” från Kommunen väntar på personalen: torsdag 3 december 2026: Det är inte")
    assert "waiting" in json.loads(town.run("explain", "loppmarknad", "--json").out)[-1]


def test_options_before_a_word_of_sources_are_not_swallowed(town: Town) -> None:
    assert main(["sources", "--json", "list"]) == 2
    assert "behind the whole command" in town.capture.readouterr().err


def test_a_paused_source_is_left_alone_until_it_is_resumed(town: Town) -> None:
    assert town.run("sources", "pause", "kommunen").code == 0
    assert "kommunen: skipped: paused" in town.run("refresh", "--all").out
    rows = {row["id"]: row for row in json.loads(town.run("sources", "list", "--json").out)}
    assert (rows["kommunen"]["health"], rows["kommunen"]["next"]) == ("paused", None)
    assert town.run("sources", "resume", "kommunen").code == 0
    assert "kommunen: read" in town.run("refresh").out


def test_what_is_missing_is_withdrawn_when_staff_release_it(town: Town) -> None:
    two = calendar().replace("END:VCALENDAR\r\n", "") + calendar("Stickcafé", "3@provstad.example").split("SV\r\n")[1]
    town.write({"biblioteket.ics": two})
    town.run("refresh", "--all")
    town.write({"biblioteket.ics": calendar()})
    assert "missing, waiting for more evidence" in town.run("refresh", "biblioteket").out
    said = town.run("sources", "release", "biblioteket")
    assert said.code == 0
    assert "events withdrawn" in said.out
    assert town.run("sources", "release", "biblioteket").code == 2


def test_decisions_are_made_listed_and_taken_back(town: Town) -> None:
    town.run("refresh", "--all")
    first = ids(town)[0]
    said = town.run("decide", "hide", first)
    assert (said.code, "evenemang decide undo 1" in said.out) == (0, True)
    (row,) = json.loads(town.run("decide", "list", "--json").out)
    assert (row["number"], row["kind"], row["undone"]) == (1, "hide", None)
    assert town.run("decide", "undo", "1").code == 0
    assert town.run("decide", "undo", "1").code == 2


@pytest.mark.parametrize("command", [("hide", "nothing"), ("same", "a", "b"), ("choose", "a", "title", "b")])
def test_a_decision_on_an_id_that_names_nothing_is_wrong_usage(town: Town, command: tuple[str, ...]) -> None:
    said = town.run("decide", *command)
    assert (said.code, said.out) == (2, "")
    assert "is no event and no listing" in said.err


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("correct", "start", "torsdag"), "is no day like"),
        (("correct", "colour", "red"), "can be corrected"),
        (("choose", "colour", "biblioteket"), "no field to choose"),
    ],
)
def test_a_decision_without_meaning_is_refused_before_it_is_stored(
    town: Town, command: tuple[str, str, str], word: str
) -> None:
    town.run("refresh", "--all")
    kind, *rest = command
    said = town.run("decide", kind, ids(town)[0], *rest)
    assert (said.code, word in said.err) == (2, True)
    assert json.loads(town.run("decide", "list", "--json").out) == []


def test_export_gives_opml_that_a_reader_takes(town: Town) -> None:
    body = TOWN.replace("https://avstangd.example/", "https://a.example/?a=1&b=2").replace(
        "enabled: false", 'name: "A & <B>"'
    )
    town.write({"sources.yaml": body})
    said = town.run("sources", "export")
    assert '<outline type="rss" text="A &amp; &lt;B&gt;" xmlUrl="https://a.example/?a=1&amp;b=2"/>' in said.out
    assert "2 sources are files here" in said.err


def test_D12_a_backup_is_a_whole_database_and_overwrites_nothing(town: Town, tmp_path: Path) -> None:
    town.run("refresh", "--all")
    copy = tmp_path / "copy.db"
    assert town.run("backup", str(copy)).code == 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (len(ids(town)),)
    again = town.run("backup", str(copy))
    assert (again.code, again.out) == (1, "")


def test_D13_migrating_twice_is_free(town: Town) -> None:
    assert town.run("db", "upgrade").code == 0
    assert town.run("db", "upgrade").out == "the database is up to date\n"


def test_a_database_of_another_town_is_refused(town: Town) -> None:
    town.run("db", "upgrade")
    town.write({"sources.yaml": TOWN.replace('"0000"', '"1111"')})
    said = town.run("sources", "list")
    assert (said.code, said.out) == (1, "")
    assert "belongs to the calendar" in said.err


def test_B28_preview_asks_no_private_address(town: Town) -> None:
    said = town.run("preview", "http://10.0.0.1/kalender.ics")
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines()[1].startswith("Adressen leder in i ett internt nät")
