"""Errors as answers: JSON for programs, a page for people, never kept by a cache (E15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from aggregator.errors import EvenemangError, UsageError
from aggregator.web import answer, forms, labels, security
from aggregator.web.filters import LONGEST_QUERY
from aggregator.web.forms import Form
from aggregator.web.pages import language_of, render
from aggregator.web.words import TABLES, say

_NO_STORE = {"Cache-Control": "no-store"}
_OPEN = {"Access-Control-Allow-Origin": "*", **_NO_STORE}
_FOR_PROGRAMS = ("/embed", "/oembed", "/static")
_PERSONAL = ("/staff", "/min-sida")
_SENTENCES = {404: "There is nothing here.", 405: "This address can only be read: GET or HEAD."}


async def usage(request: Request, error: Exception) -> Response:
    """A query without meaning: 400 with the sentence, 414 for one that is too long to be looked at."""
    return problem(request, 414 if len(request.url.query) > LONGEST_QUERY else 400, str(error))


async def http(request: Request, error: Exception) -> Response:
    """What the routing itself refuses."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = _SENTENCES.get(status) or (error.detail if isinstance(error, HTTPException) else "")
    found = problem(request, status, detail, await _sent(request))
    if isinstance(error, HTTPException) and error.headers:
        found.headers.update(error.headers)
    if status == 405 and "POST" not in found.headers.get("Allow", ""):
        found.headers["Allow"] = answer.METHODS.decode()
    return found


async def broken(request: Request, _error: Exception) -> Response:
    """Something of ours failed; what it was is in the log, not in the answer."""
    return problem(request, 500, "Something went wrong here. It has been noted.")


async def away(request: Request, _error: Exception) -> Response:
    """The database can't be read and nothing is ready yet."""
    found = problem(request, 503, "The calendar can't be read just now.", await _sent(request))
    found.headers["Retry-After"] = "30"
    return found


def too_large(request: Request) -> Response:
    """More than any form of ours holds; its body is not read."""
    return problem(request, 413, "That is more than is taken here.")


def problem(request: Request, status: int, sentence: str, form: Form | None = None) -> Response:
    """One error as the asker reads it; `form` is what they had sent."""
    if request.url.path.startswith("/api/"):
        sentence += " What there is stands at /api." if status == 404 else ""
        return JSONResponse({"error": sentence}, status, headers=_OPEN)
    if _for_people(request, status):
        return _page(request, status, form or Form())
    return PlainTextResponse(sentence + "\n", status, headers=_NO_STORE)


def _for_people(request: Request, status: int) -> bool:
    """Whether a page is wanted: where there is none or it broke, and for whoever sent a form or is logged in."""
    path = request.url.path
    if "." in path or path.startswith(_FOR_PROGRAMS):
        return False
    return status in (404, 500) or request.method == "POST" or path.removeprefix("/en").startswith(_PERSONAL)


async def _sent(request: Request) -> Form:
    """What was typed on a page of ours, if it can be read: it is shown again, to be copied."""
    if request.method != "POST" or not security.same_origin(request):
        return Form()
    try:
        return await forms.read(request)
    except HTTPException:
        return Form()


def _page(request: Request, status: int, form: Form) -> Response:
    """The error for people, in the language of the address, with what they had typed."""
    language = language_of(request)
    word = str(status) if f"error-{status}" in TABLES[language] else "other"
    told = {
        "heading": say(language, f"error-{word}"),
        "sentence": say(language, f"error-{word}-told"),
        "typed": labels.typed(form, language),
        "nowhere": True,  # none of the pages that the menu leads to
    }
    body = render(request, "error.html", "/", language, told)
    headers = {**_NO_STORE, "Content-Security-Policy": answer.POLICY.decode()}
    return HTMLResponse(body, status, headers=headers)


HANDLERS: Mapping[Any, Callable[[Request, Exception], Any]] = {
    UsageError: usage,
    EvenemangError: away,
    HTTPException: http,
    500: broken,
}
