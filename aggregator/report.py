"""What came of one refresh, as a value and as the line that people read. Nothing is decided here."""

from dataclasses import dataclass
from enum import StrEnum

from aggregator.errors import EvenemangError, FetchError, ReadError
from aggregator.model import Counts, Event, Problem
from aggregator.plan import Action, Insert, Plan, Update, Withdraw
from aggregator.problems import sentence
from aggregator.publish import Change
from aggregator.state import Drop, Suggestion
from aggregator.weave import Changeset


class Result(StrEnum):
    """How a refresh ended. Only FAILED and UNEXPECTED are failures."""

    READ = "read"
    UNCHANGED = "unchanged"
    HELD = "held"
    BUSY = "busy"
    FAILED = "failed"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One line of `refresh`: the components of the answer, and what it changed in listings and events.

    `actions` are told of a dry run alone, where they are all that is left of it.
    """

    source: str
    result: Result
    detail: str = ""
    code: str = ""
    format: str = ""
    name: str = ""
    maker: str = ""
    counts: Counts | None = None
    problems: tuple[Problem, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    absent: int = 0
    drop: Drop = Drop.NONE
    damaged: bool = False
    merged: int = 0
    crowded: int = 0  # groups too large to be compared whole
    events: tuple[Event, ...] = ()
    changes: tuple[Change, ...] = ()
    actions: tuple[Action, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the source was fetched and read; a hold or a problem is no failure."""
        return self.result not in (Result.FAILED, Result.UNEXPECTED)

    @classmethod
    def failed(cls, source: str, error: Exception) -> "Report":
        """The report of a refresh that an error ended."""
        known = isinstance(error, EvenemangError)
        detail = str(error) if known else f"unexpected: {type(error).__name__}: {error}"
        code = error.code if isinstance(error, FetchError | ReadError) else ""
        return cls(source=source, result=Result.FAILED if known else Result.UNEXPECTED, detail=detail, code=code)


def told(source: str, plan: Plan, changes: Changeset, *, read: bool, dry: bool = False) -> Report:
    """The report of a plan that was (or, dry, would be) carried out."""
    held = plan.state.held
    return Report(
        source=source,
        result=Result.HELD if held else Result.READ if read else Result.UNCHANGED,
        detail=f"{held.reason} {held.detail}".strip() if held else "",
        format=plan.state.format or "",
        name=plan.state.name or "",
        maker=plan.state.maker or "",
        counts=plan.state.counts,
        problems=plan.state.problems,
        suggestions=plan.state.suggestions,
        new=plan.count(Insert),
        changed=plan.count(Update),
        withdrawn=plan.count(Withdraw),
        absent=len(plan.state.absent),
        drop=plan.state.drop,
        damaged=plan.state.damaged,
        merged=sum(pair.band == "merge" for pair in changes.edges),
        crowded=len(changes.crowded),
        events=changes.events,
        changes=changes.changes,
        actions=plan.actions if dry else (),
    )


def line(report: Report) -> str:
    """The report as one line of plain words."""
    if not report.ok or report.result is Result.BUSY:
        return f"{report.result}: {report.detail}"
    return "; ".join(part for part in (_answer(report), _effect(report), _warnings(report)) if part)


def waiting(suggestion: Suggestion) -> str:
    """A suggestion as one line of English: what, when, where, why it waits."""
    when = suggestion.start[:16].replace("T", " ") or "no time told"
    place = f", {suggestion.place}" if suggestion.place else ""
    why = sentence(Problem(suggestion.reason, suggestion.title, suggestion.detail), "en")
    return f"waiting for staff: “{suggestion.title}”, {when}{place}: {why}"


def _answer(report: Report) -> str:
    counts = report.counts or Counts()
    told = f"{counts.read} events read: {counts.inside} inside the window, {counts.past} past, "
    return f"{report.result}; {told}{counts.beyond} beyond, {counts.refused} refused"


def _effect(report: Report) -> str:
    parts = ((report.new, "new"), (report.changed, "changed"), (report.withdrawn, "withdrawn"))
    return ", ".join(f"{n} {word}" for n, word in parts if n) or "nothing changed"


def _warnings(report: Report) -> str:
    parts = []
    if report.result is Result.HELD:
        parts.append(f"HELD ({report.detail}): nothing of it is published until staff release it")
    if report.absent:
        why = " (removals held)" if report.drop in (Drop.MANY, Drop.ALL) else ""
        parts.append(f"{report.absent} missing, waiting for more evidence{why}")
    if report.damaged:
        parts.append("damaged answer: nothing removed")
    if report.crowded:
        parts.append(f"{report.crowded} crowds of listings alike in day and place: not all of them were compared")
    if noted := len(report.problems):
        parts.append(f"{noted} problem{'s' if noted > 1 else ''}, first: {_first(report.problems[0])}")
    return "; ".join(parts)


def _first(problem: Problem) -> str:
    return " ".join(part for part in (problem.code, f"“{problem.item[:60]}”" if problem.item else "") if part)
