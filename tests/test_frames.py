"""Titles that tell something within a festival, a market or a day, and titles that tell the whole."""

import pytest

from aggregator import titles
from tests.matching import RULES

LEXICON = RULES.lexicon


@pytest.mark.parametrize(
    ("title", "setting", "name"),
    [
        ("Konsert på Kulturnatten", ("kulturnatt",), ()),
        ("Kulturdagen: prova på keramik", ("kulturdag",), ("keramik",)),
        ("Kulturdagen i Vik: prova på keramik", ("kulturdag",), ("keramik",)),
        ("Prova på keramik – Kulturdagen", ("kulturdag",), ("keramik",)),
        ("Kvintetten Norr spelar på Hantverkarnas marknad", ("hantverk", "marknad"), ("kvintett", "norr")),
        ("Kvintetten Norr live at Culture Night", ("cultur", "nigh"), ("kvintett", "norr")),
    ],
)
def test_what_is_told_within_something_names_itself_alone(
    title: str, setting: tuple[str, ...], name: tuple[str, ...]
) -> None:
    read = titles.read(title, LEXICON, [("vik",)])
    assert (read.setting, read.name) == (setting, name)
    assert not {"market", "festival", "culture-night"} & read.kinds


@pytest.mark.parametrize(
    "title",
    [
        "Kulturnatten",
        "Kulturnatten i Vik",
        "Välkommen på Kulturnatten",
        "Häng med på Sillmarknaden!",
        "Sillmarknad – mat, musik och hantverk",
        "Sillmarknad på Hamnplan",
        "Höstmarknad med Kören Vågskum",
        "Öppet på lördag",
        "Fika på dagen",
        "Utställning på Sjömuseet",
        "Skrovmål på vardagen",
        "Skrovmål under födelsedagen",
        "Skrovmål vid midnatt",
    ],
)
def test_the_whole_is_told_within_nothing(title: str) -> None:
    assert titles.read(title, LEXICON, [("hamnplan",), ("sjomuseet",), ("vik",)]).setting == ()


@pytest.mark.parametrize("preposition", sorted(LEXICON.within))
def test_each_preposition_before_a_frame_makes_it_a_setting(preposition: str) -> None:
    assert titles.read(f"Skrovmål {preposition} Kulturdagen", LEXICON).setting == ("kulturdag",)
