"""`/staff/evenemang-nytt`: staff enter an event themselves, and the same form for what was suggested.

It takes the road of every submission: a submission of nobody, approved at once, told by a source like any other.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.responses import Response

from aggregator.model import OfferedEvent, Standing, Submission, SubmissionKind, When
from aggregator.moderation import Action, Actor
from aggregator.state import Suggestion
from aggregator.store.submissions import Deed
from aggregator.text import clean_url
from aggregator.web.forms import Form
from aggregator.web.respond import in_thread
from aggregator.web.staff.clerk import Clerk, work

PATH = "/staff/evenemang-nytt"


async def show(clerk: Clerk) -> Response:
    """An empty form."""
    return _page(clerk, Form())


async def take(clerk: Clerk, form: Form) -> Response:
    """The event, published like any that was approved."""
    event = filled(form, clerk)
    if event is None:
        return _page(clerk, form)
    made = await entered(event, clerk)
    await clerk.note("enter", f"submission:{made.id}")
    return clerk.bringing(made.source, clerk.next(PATH, "entered", f"submission:{made.id}"))


def _page(clerk: Clerk, form: Form) -> Response:
    return clerk.page("entering.html", begun(None, clerk), form=form)


def begun(one: Suggestion | None, clerk: Clerk) -> Mapping[str, Any]:
    """What the fields begin with."""
    when = parsed(one.start) if one else None
    start = when.start if when else None
    return {
        "first": {
            "title": one.title if one else "",
            "day": start.strftime("%Y-%m-%d") if start else "",
            "begins": start.strftime("%H:%M") if isinstance(start, datetime) else "",
            "place": one.place if one else "",
            "url": one.url if one else "",
        },
        "places": sorted(clerk.site.places.values(), key=lambda place: place.name),
    }


def parsed(start: str) -> When | None:
    """The start that a suggestion tells as ISO text."""
    try:
        return When(date.fromisoformat(start) if len(start) == 10 else datetime.fromisoformat(start))
    except ValueError:  # nothing is told, or a time without a zone
        return None


def filled(form: Form, clerk: Clerk) -> OfferedEvent | None:
    """The event that was typed; None where something has to be mended, which the form then says."""
    title = form.text("title", 200)
    if not title:
        form.refuse("title", "form-missing")
    when = _when(form, clerk)
    url = form.text("url", 2000)
    if url and clean_url(url) is None:
        form.refuse("url", "correct-not-url")
    made = OfferedEvent(
        title=title,
        dates=(when,) if when else (),
        place=form.text("place", 200),
        organizer=form.text("organizer", 200),
        description=form.text("description", 10_000, lines=True),
        url=clean_url(url) or "" if url else "",
        price=form.text("price", 100),
        age=form.text("age", 50),
        audience=form.text("audience", 100),
    )
    return None if form.refused or when is None else made


def _when(form: Form, clerk: Clerk) -> When | None:
    """Day, and where they are told the hours; an end before the start is the next day's."""
    day = _read(form, "day", date.fromisoformat, 10)
    begins, ends = (_read(form, name, time.fromisoformat, 5) for name in ("begins", "ends"))
    last = _read(form, "last", date.fromisoformat, 10)
    if day is None:
        form.refuse("day", "form-missing")
        return None
    if begins is None:
        return When(day, last if last and last > day else None)
    start = datetime.combine(day, begins, clerk.site.zone)
    if ends is None:
        return When(start)
    end = datetime.combine(last if last and last > day else day, ends, clerk.site.zone)
    return When(start, end if end > start else end + timedelta(days=1))


def _read(form: Form, name: str, reads: Any, length: int) -> Any:
    """A date or an hour as browsers send them; what is none is refused."""
    told = form.text(name, 20)
    if not told:
        return None
    try:
        return reads(told[:length])
    except ValueError:
        form.refuse(name, "entering-not-time")
        return None


async def entered(event: OfferedEvent, clerk: Clerk) -> Submission:
    """Store it and approve it, in the name of who is at work."""
    now, id = clerk.now, secrets.token_hex(8)
    made = Submission(
        id=id, kind=SubmissionKind.EVENT, state=Standing.WAITING, person=None, body=event, created=now, changed=now
    )
    await in_thread(clerk.store.submissions.add, made, clerk.by)
    deed = Deed(id=id, version=1, action=Action.APPROVE, actor=Actor.STAFF, by=clerk.by, now=now)
    done: Submission = await in_thread(clerk.store.submissions.act, deed, clerk.office.kit.config)
    await clerk.office_changed()
    return done


ROUTES = work(PATH, show, take)
