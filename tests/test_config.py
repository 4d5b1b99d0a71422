"""`sources.yaml` → values: every error is found, with its line and key; nothing is guessed by YAML."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from aggregator import config
from aggregator.config import Config
from aggregator.errors import ConfigError
from aggregator.model import Coverage, Geo, Layer, Role, Source

FILE = Path("town/sources.yaml")
ROOT = Path(__file__).parent.parent
CALENDAR = "calendar: {name: Evenemang}\n"


def good(text: str) -> Config:
    found, errors = config.read(dedent(text).encode(), FILE)
    assert errors == ()
    assert found is not None
    return found


def one_source(lines: str) -> Source:
    body = CALENDAR + "places: [{id: torget, name: Torget}]\nsources:\n- id: a\n  url: https://a.example/\n"
    return good(body + "".join(f"  {line}\n" for line in lines.splitlines())).sources[0]


def errors(text: str) -> list[str]:
    found, wrong = config.read(dedent(text).encode(), FILE)
    assert found is None
    return [str(error).removeprefix(f"{FILE}:") for error in wrong]


def test_only_the_name_of_the_calendar_and_an_address_are_needed() -> None:
    found = good(CALENDAR + "sources: [{id: a, url: https://a.example/}]")
    assert (found.calendar.language, found.calendar.timezone) == ("sv", "Europe/Stockholm")
    assert [replace(source, vocabulary=None) for source in found.sources] == [
        Source(id="a", name="a", url="https://a.example/")
    ]
    assert found.sources[0].role is Role.MEDIA


def test_every_key_of_a_source_is_read() -> None:
    source = one_source(
        "name: Biblioteket\nformat: ical\nrole: organizer\ninterval: 1d2h30m\ncoverage: complete\n"
        "category: [bibliotek, barn]\nlayer: civic\nenabled: no\nzone: Europe/Helsinki\nplace: torget\n"
        "organizer: Biblioteket\nlicence: CC BY 4.0\nimages: true\ntrusted: yes\nwas: gammal\n"
        "map: {title: namn, start: {path: tid, format: 15}, free: {value: true}}"
    )
    assert replace(source, vocabulary=None) == Source(
        id="a",
        name="Biblioteket",
        url="https://a.example/",
        format="ical",
        role=Role.ORGANIZER,
        interval=timedelta(hours=26, minutes=30),
        coverage=Coverage.COMPLETE,
        category=("bibliotek", "barn"),
        layer=Layer.CIVIC,
        enabled=False,
        zone="Europe/Helsinki",
        place="torget",
        organizer="Biblioteket",
        licence="CC BY 4.0",
        images=True,
        trusted=True,
        was="gammal",
        map='{"free":{"value":true},"start":{"format":"15","path":"tid"},"title":"namn"}',
    )


POLICY = "policies: [{id: lokalt, do: refuse, towns: [Ekstorp], reason: Bara i kommunen}]\n"


def test_rules_of_a_policy_are_handed_over_in_full() -> None:
    found = good(CALENDAR + POLICY + "sources: [{id: a, url: https://a.example/, policy: [lokalt]}]")
    assert json.loads(found.sources[0].policy[0])["towns"] == ["Ekstorp"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("sources: [{id: a, url: https://a.example/, policy: [lokal]}]", "did you mean lokalt"),
        ("sources: [{id: a, url: https://a.example/, map: {title: namn}}]", "start: is missing"),
        ("sources: [{id: a, url: https://a.example/, map: {title: namn, start: tid, när: x}}]", "när: is no field"),
        ("vocabulary: [{id: x, kind: colour, sv: X, words: [x]}]", "the kind must be one of"),
    ],
)
def test_a_wrong_rule_is_told(body: str, told: str) -> None:
    assert any(told in error for error in errors(CALENDAR + POLICY + body))


def test_words_that_yaml_would_guess_at_stay_words() -> None:
    found = good("calendar: {name: 1230, region: 0123}\nsources: [{id: no, name: 12:30, url: https://a.example/}]")
    assert (found.calendar.name, found.calendar.region) == ("1230", "0123")
    assert (found.sources[0].id, found.sources[0].name) == ("no", "12:30")


def test_school_holidays_are_a_week_or_the_days_of_a_year() -> None:
    told = "v8, 2027-03-29/2027-04-02"
    found = good(f"calendar: {{name: E, holidays: {{sportlov: v9, pasklov: [{told}], hostlov: }}}}").calendar.holidays
    assert found == {"sportlov": (9,), "pasklov": (8, (date(2027, 3, 29), date(2027, 4, 2)))}


@pytest.mark.parametrize(
    "days", ["v0", "v53", "9", "2027-04-02/2027-03-29", "2027-04-02", "9999-12-31/", "0001-01-01/9999-12-31"]
)
def test_school_holiday_that_is_none_is_told(days: str) -> None:
    told = errors(f"calendar: {{name: E, holidays: {{sportlov: {days}}}}}")
    assert told == [
        f"1: calendar.holidays.sportlov: must be a week such as v8, or days such as 2027-03-29/2027-04-02, not {days!r}"
    ]
    assert errors("calendar: {name: E, holidays: {sportlvo: v9}}") == [
        "1: calendar.holidays.sportlvo: is not a known key; did you mean sportlov?"
    ]


def test_json_is_yaml() -> None:
    body = json.dumps({"calendar": {"name": "Å"}, "places": [{"id": "t", "name": "Torget", "geo": [55.6, 13.2]}]})
    assert good(body).places[0].geo == Geo(55.6, 13.2)


def test_an_empty_value_counts_as_left_out() -> None:
    assert one_source("name:\nzone: ~\ncategory: null").name == "a"


def test_a_webcal_address_is_an_https_address() -> None:
    found = good(CALENDAR + "sources: [{id: a, url: 'webcal://a.example/x.ics'}]")
    assert found.sources[0].url == "https://a.example/x.ics"


def test_all_errors_of_a_file_are_told_with_line_and_key() -> None:
    assert errors(
        """\
        calendar:
          name: Evenemang
          timzone: Europe/Stockholm
        sources:
          - id: a
            url: https://a.example/
            interval: 1 h
            role: organiser
          - id: a
            path: ../a.ics
        """
    ) == [
        "3: calendar.timzone: is not a known key; did you mean timezone?",
        "7: sources[1].interval: must be a time such as 30m, 1h or 7d, from one minute to 31 days, not '1 h'",
        "8: sources[1].role: must be one of organizer, venue, municipality, tickets, association, media, not"
        " 'organiser'; did you mean organizer?",
        "9: sources[2].id: 'a' is also the id in line 5",
        "10: sources[2].path: must be a file in the folder of this file, not '../a.ics'",
    ]


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("platser: []", "did you mean places?"),
        ("källor: []", "did you mean sources?"),
        ("places: [{id: t, name: T, koordinater: [55.6, 13.2]}]", "did you mean geo?"),
        ("places: [{id: t, name: T, ort: Exempelby}]", "did you mean locality?"),
        ("places: [{id: t, name: T, adress: Torget 1}]", "did you mean address?"),
        ("sources: [{id: a, adress: https://a.example/}]", "did you mean url?"),
        ("sources: [{id: a, url: https://a.example/, plats: t}]", "did you mean place?"),
        ("sources: [{id: a, url: https://a.example/, aktiv: ja}]", "did you mean enabled?"),
        ("sources: [{id: a, url: https://a.example/, timezone: Europe/Stockholm}]", "did you mean zone?"),
        ("sources: [{id: a, url: https://a.example/, role: förening}]", "did you mean association?"),
        ("sources: [{id: a, url: https://a.example/, format: ics}]", "did you mean ical?"),
        ("sources: [{id: Barn & unga, url: https://a.example/}]", "write barn-unga"),
        ("sources: [{id: '—', url: https://a.example/}]", "not '—'"),
    ],
)
def test_another_word_for_a_key_or_value_is_understood(body: str, hint: str) -> None:
    assert any(error.endswith(hint) for error in errors(CALENDAR + body))


@pytest.mark.parametrize(
    ("geo", "hint"),
    [
        ("'55.6426, 13.2064'", "; write [55.6426, 13.2064]"),
        ("'55,6426 13,2064'", "; write [55.6426, 13.2064]"),
        ("{lon: 13.2064, lat: 55.6426}", "; write [55.6426, 13.2064]"),
        ("['55.6426 N', '13.2064 E']", "; write [55.6426, 13.2064]"),
        ("[155.5, -33.1]", "; write [-33.1, 155.5]"),
        ("[200, 300]", ""),
        ("Torget", ""),
        ("[55.6]", ""),
    ],
)
def test_coordinates_in_another_form_are_told_as_they_should_stand(geo: str, hint: str) -> None:
    told = errors(CALENDAR + f"places: [{{id: t, name: T, geo: {geo}}}]")
    assert told == [f"2: places[1].geo: must be [latitude, longitude] in degrees{hint}"]


@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("interval: 59", "interval"),
        ("interval: 0m", "interval"),
        ("interval: 32d", "interval"),
        ("zone: Europe", "zone"),
        ("zone: ../etc/passwd", "zone"),
        ("zone: CEST+1", "zone"),
        ("format: icall", "format"),
        ("layer: leisur", "layer"),
        ("coverage: all", "coverage"),
        ("category: [Barn & unga]", "category"),
        ("place: torgett", "place"),
        ("enabled: maybe", "enabled"),
        ("was: a", "was"),
        ("name: [a]", "name"),
        ("name: ' '", "name"),
        ('name: "a\\nb"', "name"),
        ("id: b", "id"),
        ("map: &m [*m]", "map"),
        ("colour: red", "colour"),
        ("path: a.ics", ""),
    ],
)
def test_a_wrong_value_is_an_error_at_its_key(lines: str, key: str) -> None:
    body = f"{CALENDAR}places: [{{id: torget, name: T}}]\nsources:\n- id: a\n  url: https://a.example/\n  {lines}\n"
    found, wrong = config.read(body.encode(), FILE)
    assert found is None
    assert [error.key for error in wrong] == [f"sources[1].{key}".rstrip(".")]


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@a.example/",
        "https://a.example:99999/",
        "https://a.example/a b",
        "https://a.example\\\\@b.example/",
        "a.example",
    ],
)
def test_B35_an_address_that_is_none_is_an_error(address: str) -> None:
    assert errors(CALENDAR + f"sources: [{{id: a, url: '{address}'}}]")[0].startswith("2: sources[1].url: ")


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.ics", "a/../../x.ics", ".", ""])
def test_a_path_leaves_the_folder_of_the_file_in_no_spelling(path: str) -> None:
    assert errors(CALENDAR + f"sources: [{{id: a, path: '{path}', }}]")[0].startswith("2: sources[1]")


def test_a_path_leaves_the_folder_by_no_link(tmp_path: Path) -> None:
    (tmp_path / "town").mkdir()
    (tmp_path / "town" / "out").symlink_to("/etc")
    file = tmp_path / "town" / "sources.yaml"
    file.write_text(CALENDAR + "sources: [{id: a, path: out/passwd}]")
    with pytest.raises(ConfigError, match="in the folder of this file"):
        config.load(file)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\n# nothing\n", "the file is empty"),
        (b"calendar:\n  name: \xff\n", "2: the file is not UTF-8"),
        (b"calendar: {name: a", "1: is not YAML"),
        (b"calendar:\n\tname: a", "2: is not YAML"),
        (b"- a", "1: must be a mapping"),
        (b"calendar: {name: a}\n---\nb: c", "2: is not YAML"),
        (b"calendar: {name: a}\ncalendar: {name: b}", "2: calendar: stands twice"),
        (b"sources: []", "1: calendar: is missing"),
        (b"calendar: {}", "1: calendar.name: is missing"),
        (b"calendar: {name: a}\nsources: {a: b}", "2: sources: must be a list"),
        (b"calendar: {name: a}\nsources: [a]", "2: sources[1]: must be a mapping"),
        (b"calendar: {name: !!python/name:os.system x, x: 1}", "1: calendar.x: is not a known key"),
        (b"calendar: {name: \x00}", "is not YAML"),
    ],
)
def test_a_file_that_is_no_configuration_is_told_in_a_sentence(body: bytes, sentence: str) -> None:
    found, wrong = config.read(body, FILE)
    assert found is None
    assert sentence in str(wrong[0])


def test_load_raises_the_first_error_and_keeps_the_others(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("calendar: {name: a, x: 1}\nplaces: 3\n")
    with pytest.raises(ConfigError) as caught:
        config.load(file)
    assert (caught.value.line, caught.value.key, caught.value.file) == (1, "calendar.x", file)
    assert [error.key for error in caught.value.also] == ["places"]


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: can't be read: No such file"):
        config.load(tmp_path / "nowhere.yaml")


def test_the_file_that_ships_has_at_least_eight_living_sources_that_exist() -> None:
    found = config.load(ROOT / "sources.yaml")
    living = [source for source in found.sources if source.enabled]
    assert len(living) >= 8
    for source in living:
        local = found.local_file(source)
        assert local is not None, "the first start needs no network"
        assert local.is_file()
    assert any(not source.enabled and source.url for source in found.sources)
