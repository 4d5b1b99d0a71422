"""A runner in a test's hands: its clocks are told, and each look is taken when the test says so."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.jobs.embedded import Runner
from tests.town import NOW, Town


@dataclass
class Hands:
    """Both clocks of a runner: the wall's, which may jump, and the one that only runs forward."""

    now: datetime = NOW
    ticks: float = 1000.0

    def pass_(self, time: timedelta) -> None:
        """Time goes by on both."""
        self.now += time
        self.ticks += time.total_seconds()

    def jump(self, time: timedelta) -> None:
        """The wall clock alone moves: it was set, or the machine was asleep."""
        self.now += time


def runner(town: Town, hands: Hands, name: str = "one") -> Runner:
    """A runner over the town's database, as a process of its own name would have it."""

    def clock() -> datetime:
        return hands.now

    program = town.program
    kit = replace(program.kit, clock=clock, holder=name)
    return Runner(replace(program, clock=clock, kit=kit, begun=hands.now), lambda: hands.ticks)


async def look(*runners: Runner) -> None:
    """One look of each, at once; done when everything that they began has ended."""
    await asyncio.gather(*(one.look() for one in runners))
    while begun := [task for one in runners for task in one._running.values()]:
        await asyncio.wait(begun)
