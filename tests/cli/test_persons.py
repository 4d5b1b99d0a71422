"""`evenemang erase` and `evenemang export-person`, as an operator runs them."""

from __future__ import annotations

import json

from tests.cli.town import Town
from tests.privacy.canary import EMAIL, NAME, heard, settle_in


def test_G01_erase_leaves_no_byte(town: Town) -> None:
    from aggregator.compose import open_program

    with open_program(town.folder / "sources.yaml") as program:
        settle_in(program, program.clock())
        url = program.settings.database_url
    assert heard(url, town.folder)
    said = town.run("erase", EMAIL)
    assert (said.code, said.lines[0]) == (0, "erased: one person")
    assert heard(url, town.folder) == []
    assert NAME not in said.out + said.err
    again = town.run("erase", EMAIL)
    assert (again.code, again.lines[0]) == (0, "erased: nobody had this address")


def test_G03_export_person_prints_json(town: Town) -> None:
    said = town.run("export-person", EMAIL)
    assert said.code == 0
    assert json.loads(said.out)["person"] == []


def test_what_is_no_address_is_wrong_usage(town: Town) -> None:
    for word in ("erase", "export-person"):
        said = town.run(word, "två@a.example, b@b.example")
        assert (said.code, said.out) == (2, "")
        assert "not a mail address" in said.err
