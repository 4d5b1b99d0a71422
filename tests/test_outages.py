"""Every code of a failed fetch or reading has its words in both languages, and no words are left over."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from aggregator import outages, problems

PACKAGE = Path(outages.__file__).parent
MAKERS = ("_refused", "_bad", "_away", "Refusal")
RAISING = ("pasting", "address", "guard", "redirects", "answers", "failures", "fetch", "ration", "sandbox")


def nodes(module: str) -> Iterator[ast.AST]:
    return ast.walk(ast.parse((PACKAGE / f"{module}.py").read_text()))


def texts(found: Iterable[ast.AST]) -> set[str]:
    """The texts among some nodes of a module's code."""
    return {node.value for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def codes(module: str) -> set[str]:
    """What a module gives as `code`, by keyword or to one of the functions that make its errors."""
    said: list[ast.AST] = []
    for node in nodes(module):
        if isinstance(node, ast.keyword) and node.arg == "code":
            said.append(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            said += node.args[:2] if name in MAKERS else []
    return {text for text in texts(said) if " " not in text}


def test_every_code_that_is_raised_has_words() -> None:
    raised = set().union(*map(codes, RAISING))
    assert len(raised) > 15
    assert raised <= set(outages.SENTENCES)


def test_no_code_means_two_things() -> None:
    assert not set(outages.SENTENCES) & set(problems.SENTENCES)


def test_no_words_without_a_code() -> None:
    used = {text for module in RAISING for text in texts(nodes(module))}
    used |= {f"reader-{text}" for text in texts(nodes("sandbox"))}
    assert set(outages.SENTENCES) <= used


def test_words_are_sentences_in_both_languages() -> None:
    for code, words in outages.SENTENCES.items():
        assert [outages.sentence(code, "sv"), outages.sentence(code, "en")] == list(words)
        assert all(text[0].isupper() and text.endswith((".", "?")) for text in words)
    assert outages.sentence("no-such-code") is None
