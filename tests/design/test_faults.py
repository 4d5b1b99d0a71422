"""Every fault of the catalogue has a test that carries its number, or a reason in docs/faults.md why it has none."""

from __future__ import annotations

import re

import pytest

from tests.design.tree import ROOT

HIGHEST = {"A": 40, "B": 57, "C": 25, "D": 23, "E": 15, "F": 27, "G": 15}
FAULTS = [f"{group}{number:02}" for group, last in HIGHEST.items() for number in range(1, last + 1)]
TOLD, WITHOUT = (ROOT / "docs" / "faults.md").read_text().split("## Without a test of their own")
NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-G]\d\d(?![A-Za-z0-9])")


def carried() -> frozenset[str]:
    """The numbers that test modules carry, and the names of test data."""
    found: set[str] = set()
    for file in (ROOT / "tests").rglob("*"):
        parts = file.relative_to(ROOT).parts
        if file.is_file() and not {"node_modules", "design", "__pycache__"} & set(parts):
            text = file.read_text(encoding="utf-8") if file.suffix in (".py", ".yaml") else file.name
            found |= set(NUMBER.findall(text.replace("_", " ")))
    return frozenset(found)


CARRIED = carried()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_a_test_or_a_reason(fault: str) -> None:
    if fault in NUMBER.findall(WITHOUT):
        return
    assert fault in NUMBER.findall(TOLD), "docs/faults.md does not name it"
    assert fault in CARRIED, "no test carries its number"
