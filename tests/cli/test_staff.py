"""`evenemang staff`: who may moderate, and the link by which the first of them gets in."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from aggregator.cli.town import opened
from aggregator.store.staff import WELCOME
from tests.cli.town import Town

EDITOR = "redaktor@provstad.example"


def secret_of(link: str) -> str:
    path = urlsplit(link).path
    assert path.removeprefix("/en").startswith("/staff/valkommen/")
    return path.rpartition("/")[2]


def test_adding_staff_prints_a_link_that_is_good_once(town: Town) -> None:
    said = town.run("staff", "add", "Redaktor@Provstad.example", "--name", "Redaktör")
    (link,) = said.lines
    assert (said.code, link.startswith("http://127.0.0.1:8000/staff/valkommen/")) == (0, True)
    assert "two days" in said.err
    with opened(town.folder / "sources.yaml") as program:
        store, now = program.store, program.clock()
        member = store.staff.by_email(EDITOR)
        assert member is not None
        assert (member.name, member.language) == ("Redaktör", "sv")
        assert store.people.redeem(secret_of(link), WELCOME, now) == member.id
        assert store.people.redeem(secret_of(link), WELCOME, now) is None
        (line,) = store.audit.newest()
        assert line.by.startswith("command line (")
        assert EDITOR not in f"{line}"


def test_who_is_there_already_gets_a_new_link_and_stays_the_same(town: Town) -> None:
    first, second = town.run("staff", "add", EDITOR, "--json"), town.run("staff", "add", EDITOR, "--json")
    one, other = json.loads(first.out)[0], json.loads(second.out)[0]
    assert one["id"] == other["id"]
    assert one["link"] != other["link"]


def test_the_link_of_an_english_reader_is_english(town: Town) -> None:
    (link,) = town.run("staff", "add", EDITOR, "--language", "en").lines
    assert "/en/staff/valkommen/" in link


def test_staff_are_listed_and_removed(town: Town) -> None:
    town.run("staff", "add", EDITOR)
    town.run("staff", "add", "andra@provstad.example")
    listed = json.loads(town.run("staff", "list", "--json").out)
    assert [(row["email"], row["state"]) for row in listed] == [
        ("andra@provstad.example", "invited"),
        (EDITOR, "invited"),
    ]
    assert town.run("staff", "remove", EDITOR).code == 0
    assert town.run("staff", "list").lines[2].split("\t")[-1] == "removed"
    assert town.run("staff", "remove", EDITOR).code == 2
    back = town.run("staff", "add", EDITOR)
    assert back.code == 0


@pytest.mark.parametrize("email", ["inte en adress", "a@x.example,b@x.example", "a@localhost"])
def test_what_is_no_mail_address_is_wrong_usage(town: Town, email: str) -> None:
    for command in ("add", "remove"):
        said = town.run("staff", command, email)
        assert (said.code, said.out) == (2, "")
        assert "no mail address" in said.err
