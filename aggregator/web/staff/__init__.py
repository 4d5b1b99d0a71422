"""The pages on which staff work: queue, doubts, holds, sources, places, events, reports, log. Login is beside it."""

from aggregator.web.staff import (
    correct,
    entering,
    events,
    holds,
    log,
    pairs,
    places,
    queue,
    sources,
    start,
    suggestions,
    undo,
)

ROUTES = [
    *start.ROUTES,
    *queue.ROUTES,
    *pairs.ROUTES,
    *holds.ROUTES,
    *suggestions.ROUTES,
    *entering.ROUTES,
    *sources.ROUTES,
    *places.ROUTES,
    *events.ROUTES,
    *correct.ROUTES,
    *undo.ROUTES,
    *log.ROUTES,
]
