"""A refresh that is killed: the old state or the new, then the same end as without. More in benchmarks/crash.py."""

from __future__ import annotations

import pytest

from benchmarks.crash import Trial, kill_once, prepared

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """A town of three sources, before and after all of them changed."""
    return prepared(tmp_path_factory.mktemp("crash"))


@pytest.mark.parametrize("share", [0.5, 0.75, 0.9])
def test_D01_a_refresh_killed_leaves_old_or_new_and_ends_as_without(trial: Trial, share: float) -> None:
    assert kill_once(trial, share * trial.seconds) in ("old", "between", "new")
