"""`/staff/brev`: which letters organizers get by themselves. All are off until staff turn them on."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from aggregator.model import Staff
from aggregator.store.switches import NAMES
from aggregator.web import forms, security
from aggregator.web.private import done, here, page, then
from aggregator.web.respond import desk_of, in_thread
from aggregator.web.security import for_staff, office_of


async def show(request: Request, staff: Staff) -> Response:
    """The switches as they are."""
    switches = office_of(request).store.switches
    told = [(name, await in_thread(switches.on, name)) for name in NAMES]
    return page(request, "switches.html", {"switches": told, "done": done(request, "switches-saved")}, staff=staff)


async def save(request: Request, staff: Staff) -> Response:
    """Turn what was changed."""
    form = await forms.read(request)
    security.check(request, form, "switches")
    switches, now = office_of(request).store.switches, desk_of(request).clock()
    for name in NAMES:
        if form.flag(name) != await in_thread(switches.on, name):
            await in_thread(switches.turn, name, form.flag(name), f"staff:{staff.id}", now)
    return then(request, "/staff/brev?klart=switches-saved")


ROUTES = here("/staff/brev", for_staff(show), for_staff(save))
