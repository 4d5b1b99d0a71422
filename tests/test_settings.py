"""The environment → settings: defaults, one sentence for what is wrong, and no secret ever shown."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator import settings
from aggregator.errors import ConfigError

TOWN = Path("/town/sources.yaml")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(settings.PREFIX):
            monkeypatch.delenv(name)


def load(monkeypatch: pytest.MonkeyPatch, **given: str) -> settings.Settings:
    for name, value in given.items():
        monkeypatch.setenv(settings.PREFIX + name, value)
    return settings.load(TOWN, env_file=None)


def test_the_first_start_needs_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    found = load(monkeypatch)
    assert found.database_url == "sqlite:////town/evenemang.db"
    assert found.base_url == "http://127.0.0.1:8000"
    assert found.host_spacing == 2.0
    assert found.warnings() == ()


def test_every_setting_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    found = load(
        monkeypatch,
        DATABASE_URL="postgresql://evenemang@db/evenemang",
        BASE_URL="https://evenemang.example/",
        SECRET_KEY="x" * 32,
        CONTACT="webb@kommunen.example",
        SMTP_URL="smtp://user:hemligt@mail.example:587",
        HOST_SPACING="0.5",
        FETCH_ALLOW="10.0.0.7:80, intranet.example:8443",
        PROXIES="127.0.0.1, 10.0.0.0/8 2001:db8::/32",
        MAIL_FROM=" Evenemang@Kommunen.example",
        NOW="2027-01-16T12:00:00+01:00",
        LOG_FORMAT="json",
    )
    assert [str(network) for network in found.proxies] == ["127.0.0.1/32", "10.0.0.0/8", "2001:db8::/32"]
    assert found.mail_from == "evenemang@kommunen.example"
    assert found.base_url == "https://evenemang.example"
    assert found.fetch_allow == ("10.0.0.7:80", "intranet.example:8443")
    assert found.now == datetime(2027, 1, 16, 11, tzinfo=UTC)
    assert "hemligt" not in repr(found)
    assert "xxxx" not in repr(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "a-short-secret"),
        ("BASE_URL", "evenemang.example"),
        ("BASE_URL", "ftp://evenemang.example"),
        ("BASE_URL", "https://"),
        ("DATABASE_URL", "mysql://db/evenemang"),
        ("SMTP_URL", "https://mail.example"),
        ("SMTP_URL", "smtp://mail.example:many"),
        ("MAIL_FROM", "Evenemang <evenemang@kommunen.example>"),
        ("PROXIES", "127.0.0.1 everybody"),
        ("HOST_SPACING", "-1"),
        ("HOST_SPACING", "two"),
        ("FETCH_ALLOW", "10.0.0.7"),
        ("OFFER_ALLOW", "10.0.0.7"),
        ("FETCH_ALLOW", "10.0.0.7:0"),
        ("NOW", "2027-01-16T12:00:00"),
        ("NOW", "tomorrow"),
        ("LOG_FORMAT", "xml"),
        ("CONTACT", "a\nX-Evil: b"),
        ("BASEURL", "https://evenemang.example"),
    ],
)
def test_D23_a_wrong_setting_stops_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(monkeypatch, **{name: value})
    sentence = str(caught.value)
    assert sentence.startswith(f"EVENEMANG_{name}: ")
    assert "\n" not in sentence
    assert "a-short-secret" not in sentence


def test_a_misspelt_setting_gets_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="did you mean EVENEMANG_BASE_URL"):
        load(monkeypatch, BASEURL="https://evenemang.example")


def test_an_empty_setting_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, SMTP_URL="", NOW="").smtp_url is None


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("EVENEMANG_CONTACT=fil\nEVENEMANG_HOST_SPACING=7\nANDRA=1\n")
    monkeypatch.setenv("EVENEMANG_CONTACT", "miljö")
    found = settings.load(TOWN, env_file=file)
    assert (found.contact, found.host_spacing) == ("miljö", 7)


def test_http_for_a_public_host_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "BASE_URL" in load(monkeypatch, BASE_URL="http://evenemang.example").warnings()[0]


def test_public_calendar_without_a_contact_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages on accessibility and privacy have to name somebody; a trial on one's own machine has not."""
    public = "https://evenemang.example"
    assert ["CONTACT" in one for one in load(monkeypatch, BASE_URL=public).warnings()] == [True]
    assert load(monkeypatch, BASE_URL=public, CONTACT="kalender@kommun.example").warnings() == ()
    assert load(monkeypatch).warnings() == ()


def test_a_given_clock_starts_at_its_first_reading_and_runs_on() -> None:
    begin = datetime(2026, 3, 15, 12, tzinfo=UTC)
    clock = settings.clock(begin)
    first, second = clock(), clock()
    assert first == begin
    assert begin <= second < begin + timedelta(minutes=1)


def test_the_real_clock_is_aware() -> None:
    assert settings.clock(None)().tzinfo is UTC
