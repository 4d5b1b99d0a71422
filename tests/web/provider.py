"""A small identity provider on loopback (OpenID Connect, code flow), that can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "evenemang", "klientens/hemlighet"
PATH = "/.well-known/openid-configuration"


@dataclass
class FakeProvider:
    """`base` is where it listens. `claims` replace what a token says, `lies` whole answers by path."""

    base: str
    clock: Callable[[], datetime]
    email: str = "redaktor@byn.example"
    claims: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs: Any = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        routes = [
            Route(PATH, self.describe),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/keys", self.keys),
        ]
        return Starlette(routes=routes)

    async def describe(self, request: Request) -> Response:
        told = {"issuer": self.base, "authorization_endpoint": f"{self.base}/authorize"}
        told |= {"token_endpoint": f"{self.base}/token", "jwks_uri": f"{self.base}/keys"}
        return self._told(request, told)

    async def authorize(self, request: Request) -> Response:
        """Whoever comes is logged in at once and sent back."""
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    async def token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        given = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        asked = self.codes.pop(form["code"], None)
        made = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if unquote(given) != f"{CLIENT}:{SECRET}" or asked is None or made != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(self.clock().timestamp())
        claims = {"iss": self.base, "sub": "s1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= {"email": self.email, "email_verified": True} | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode({"alg": self.algorithm, "kid": "one"}, kept, self.signs or self.key, [self.algorithm])
        return self._told(request, {"access_token": "a", "token_type": "Bearer", "id_token": signed})

    async def keys(self, request: Request) -> Response:
        return self._told(request, {"keys": [self.key.as_dict(private=False)]})

    def _told(self, request: Request, value: object) -> Response:
        self.asked.append(request.url.path)
        lie = self.lies.get(request.url.path, value)
        return lie if isinstance(lie, Response) else JSONResponse(lie)
