"""A title taken apart, and every entry of the lexicons with its effect."""

# ruff: noqa: E501 - rows of cases are read across, not down

from importlib.resources import files

import pytest
import yaml

from aggregator import titles
from aggregator.frames import holds_others
from aggregator.phrases import Entry
from tests.matching import RULES, features, listing

LEXICON = RULES.lexicon
SORTS: list[str] = yaml.safe_load((files("aggregator") / "lexicons/places.yaml").read_bytes())["sorts"]


def _id(entry: Entry) -> str:
    return f"{entry[1]}: {' '.join(entry[0])}"


def _each(entries: frozenset[Entry]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("entry", sorted(entries), ids=_id)


@_each(LEXICON.kind_phrases.entries)
def test_each_kind_is_read_and_leaves_the_name(entry: Entry) -> None:
    read = titles.read(f"Skrovmål {' '.join(entry[0])}", LEXICON)
    assert read.kinds or read.roles or read.editions
    assert "skrovmal" in read.name


@_each(LEXICON.stops.entries)
def test_each_call_is_lifted_out(entry: Entry) -> None:
    assert titles.read(f"{' '.join(entry[0])} Skrovmål", LEXICON).name == ("skrovmal",)


@_each(LEXICON.editions.entries)
def test_each_edition_is_read(entry: Entry) -> None:
    assert entry[1] in titles.read(f"Skrovmål {' '.join(entry[0])}", LEXICON).editions


@_each(LEXICON.roles.entries)
def test_each_role_is_read(entry: Entry) -> None:
    assert titles.read(f"Skrovmål {' '.join(entry[0])}", LEXICON).roles


@_each(LEXICON.status.entries)
def test_each_status_is_read(entry: Entry) -> None:
    assert titles.read(f"{' '.join(entry[0])}: Skrovmål", LEXICON).status


@pytest.mark.parametrize(
    ("title", "editions"),
    [
        ("Simskola 4–6 år", {"age:4-6"}),
        ("Pyssel, ages 4-6", {"age:4-6"}),
        ("Quiz från 13 år", {"age:13-"}),
        ("Läxhjälp åk 4-6", {"grade:4-6"}),
        ("Babysim 6-12 mån", {"months:6-12"}),
        ("Vik – Näs (P12)", {"gender:boys", "team:12"}),
        ("Vik – Näs, girls U14", {"gender:girls", "team:14"}),
        ("Kustens historia, del 2", {"part:2"}),
        ("Kustens historia – part II", {"part:2"}),
        ("Sillmarknad dag 2", {"day:2"}),
        ("Sillmarknadens dag 2/7", set()),
    ],
)
def test_ages_teams_parts_and_days_are_read_by_rule(title: str, editions: set[str]) -> None:
    assert titles.read(title, LEXICON).editions == editions


@pytest.mark.parametrize(
    "title",
    ["Skrovmål 8 april", "Skrovmål 8/4", "Skrovmål 8 apr 2027", "Skrovmål, lördag", "Skrovmål kl. 18.30", "OBS! Skrovmål 2027-04-08", "Skrovmål April 8, 2027", "Skrovmål 7:30 pm"],
)  # fmt: skip
def test_dates_weekdays_and_hours_are_lifted_out(title: str) -> None:
    read = titles.read(title, LEXICON)
    assert (read.name, read.numbers) == (("skrovmal",), frozenset())


@pytest.mark.parametrize(
    ("title", "minutes"), [("kl 18.30", 1110), ("kl. 9", 540), ("7:30 pm", 1170), ("12 am", 0), ("kl 25", None)]
)
def test_a_told_hour_is_known(title: str, minutes: int | None) -> None:
    assert titles.read(f"Skrovmål {title}", LEXICON).clock == minutes


@pytest.mark.parametrize(
    ("word", "kind"), [("konserten", "concert"), ("sagostudn", "story-time"), ("kyrka", None), ("ros", None)]
)
def test_a_kind_is_known_inflected_and_with_a_slip(word: str, kind: str | None) -> None:
    assert LEXICON.kind_of(word) == kind


def test_a_compound_keeps_what_its_beginning_names() -> None:
    social, building = titles.read("Socialnämnden", LEXICON), titles.read("Byggnadsnämnden", LEXICON)
    assert social.kinds == building.kinds == {"committee"}
    assert social.name != building.name


@pytest.mark.parametrize("frame", LEXICON.frames)
def test_each_frame_holds_other_events(frame: str) -> None:
    whole, part = features([listing(1, title=f"Skrov{frame}"), listing(2, title="Skrovmål")]).values()
    assert (whole.frame, part.frame) == (True, False)


@_each(LEXICON.hosts.entries)
def test_who_invites_is_no_part_of_the_name(entry: Entry) -> None:
    assert titles.read(f"Föreningen Vågskum {' '.join(entry[0])}: Skrovmål", LEXICON).name == ("skrovmal",)


@pytest.mark.parametrize("word", sorted(LEXICON.no_frames))
def test_each_word_that_only_ends_like_a_frame_holds_nothing(word: str) -> None:
    assert not holds_others(word, LEXICON)


@pytest.mark.parametrize("noun", sorted(LEXICON.occasions))
def test_what_stands_before_an_occasion_is_a_kind(noun: str) -> None:
    read = titles.read(f"Skrovmål bridge{noun}", LEXICON)
    assert (set(read.kinds), read.name) == ({"bridge"}, ("skrovmal",))
    assert titles.read(f"Skrov{noun}", LEXICON).kinds == frozenset()


@pytest.mark.parametrize("noun", SORTS)
def test_each_sort_of_place_names_none(noun: str) -> None:
    told = features([listing(1, title="Skrovmål", place=f"{noun} Vågskum")])[1]
    assert told.spot_names == {"vagskum"}


def test_what_stands_before_and_behind_a_colon_is_told_apart() -> None:
    read = titles.read("Fredagsmys på bryggan: film", LEXICON)
    assert "fredagsmy" in read.head
    assert read.tail == {"film"}
    assert titles.read("Fredagsmys 18:30", LEXICON).tail == frozenset()


def test_a_slip_in_the_name_of_its_place_is_no_name() -> None:
    told = listing(1, title="Skrovmål, Brandstatoinen", place="Brandstationen")
    assert features([told])[1].title.name == ("skrovmal",)


def test_a_title_is_taken_apart_once() -> None:
    assert titles.read("Skrovmål i Vik", LEXICON, [("vik",)]) is titles.read("Skrovmål i Vik", LEXICON, [("vik",)])
    assert titles.read("Skrovmål i Vik", LEXICON) != titles.read("Skrovmål i Vik", LEXICON, [("vik",)])


def test_place_names_in_the_title_are_no_part_of_the_name() -> None:
    assert titles.read("Trollskogen på Ladan", LEXICON, [("ladan",)]).name == ("trollskog",)


@pytest.mark.parametrize("title", ["", " ", "🎉", "A", "!!!", "12", "å" * 3000, "1/2 " * 500])
def test_any_title_is_read(title: str) -> None:
    assert isinstance(titles.read(title, LEXICON), titles.Title)
