"""Cookies of pages behind a login, laid, read and lifted alike. No page of residents has one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from aggregator.web.respond import desk_of


def lay(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """Give the browser a cookie for this host alone, out of reach of scripts."""
    response.set_cookie(
        _name(request, name),
        value,
        max_age=seconds,
        path="/",
        secure=_https(request),
        httponly=True,
        samesite="lax",  # a link in a mail opens a page as who one is; no form of ours is changed by a GET
    )


def laid(request: Request, name: str) -> str:
    """What the browser brings of it; empty without one."""
    return request.cookies.get(_name(request, name), "")


def lift(request: Request, response: Response, name: str) -> None:
    """Take it from the browser."""
    response.delete_cookie(_name(request, name), path="/", secure=_https(request), httponly=True, samesite="lax")


def _name(request: Request, name: str) -> str:
    """With https no other host and no plain http can set it (`__Host-`, RFC 6265bis 4.1.3.2)."""
    return f"__Host-evenemang-{name}" if _https(request) else f"evenemang-{name}"


def _https(request: Request) -> bool:
    return desk_of(request).site.base.startswith("https://")
