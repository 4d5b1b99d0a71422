"""Pages for one person's eyes and their forms: never kept, never indexed, filled again after an error.

    return page(request, "report.html", {"event": card}, form=form)

shows a template that extends `private.html` and writes its fields with the macros of `fields.html`; it finds there
`form` (what was typed), `refused` (field → sentence), `summary` (the same for a list, with the names of the fields),
`token` (the hidden field's value for a purpose) and `staff`, who is
logged in. `here` makes the one route of a page that is looked at and sent, in both languages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from aggregator.model import Staff
from aggregator.store.engine import waiting
from aggregator.web import labels
from aggregator.web.forms import Form
from aggregator.web.pages import language_of, render
from aggregator.web.security import form_token, private
from aggregator.web.site import twin
from aggregator.web.words import say

PATIENCE = 4.0  # seconds that each look at the database may wait for another program: somebody sits and waits
# What staff find above each of their pages: path and the key of its name.
STAFF_PAGES = (
    ("/staff", "staff-home"),
    ("/staff/ko", "queue-title"),
    ("/staff/dubbletter", "pairs-title"),
    ("/staff/karantan", "holds-title"),
    ("/staff/forslag", "suggestions-title"),
    ("/staff/rapporter", "reports-title"),
    ("/staff/evenemang", "events-title"),
    ("/staff/kallor", "nav-sources"),
    ("/staff/platser", "places-title"),
    ("/staff/logg", "log-title"),
    ("/staff/utkorg", "staff-outbox"),
    ("/staff/brev", "switches-title"),
    ("/staff/medarbetare", "staff-members"),
    ("/staff/konto", "staff-account"),
)


def page(
    request: Request,
    template: str,
    told: Mapping[str, Any],
    *,
    form: Form | None = None,
    staff: Staff | None = None,
    status: int | None = None,
) -> Response:
    """A private page. Its status is 422 (RFC 9110 15.5.21) where something typed has to be mended."""
    language, typed = language_of(request), form or Form()
    path = request.url.path
    refused = {name: say(language, why.key, **why.values) for name, why in typed.refused.items()}
    context = {
        "form": typed,
        "refused": refused,
        "summary": labels.summary(refused, language, template),
        "token": partial(form_token, request),
        "staff": staff,
        "tabs": _tabs(path, language) if staff else (),
        **told,
    }
    body = render(request, template, path, language, context)
    return private(HTMLResponse(body, status or (422 if typed.refused else 200)))


def then(request: Request, path: str) -> Response:
    """After a form: on to a page of ours (its Swedish path), in the language of this one."""
    return private(RedirectResponse(twin(path, language_of(request)), 303))


def here(
    path: str,
    show: Callable[[Request], Awaitable[Response]] | None,
    take: Callable[[Request], Awaitable[Response]] | None = None,
) -> list[Route]:
    """The route of a page and its English twin: `show` for GET, `take` for POST."""
    methods = [name for name, does in (("GET", show), ("POST", take)) if does is not None]

    async def endpoint(request: Request) -> Response:
        does = take if request.method == "POST" else show
        assert does is not None  # noqa: S101 - the route has only the methods that there is something for
        with waiting(PATIENCE):
            return await does(request)

    return [Route(path, endpoint, methods=methods), Route(twin(path, "en"), endpoint, methods=methods)]


def done(request: Request, *words: str) -> str:
    """Which of some sentences the address asks to be shown (`?klart=`); none that is not listed (F01)."""
    given = request.query_params.get("klart", "")
    return given if given in words else ""


def _tabs(path: str, language: str) -> list[dict[str, Any]]:
    return [
        {"url": twin(tab, language), "label": say(language, word), "here": _inside(path, twin(tab, language))}
        for tab, word in STAFF_PAGES
    ]


def _inside(path: str, tab: str) -> bool:
    """Whether a page is that of a tab or below it; below the first one lies everything."""
    return path == tab or (path.startswith(f"{tab}/") and not tab.endswith("/staff"))
