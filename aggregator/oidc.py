"""Login at another identity provider: OpenID Connect Core 1.0, the code flow with PKCE. It knows no account.

The provider is the operator's own choice: it may stand in an intranet, and is asked without the guard of `fetch`. It is
asked for its description, its keys and one token, never for anything that a stranger names. Needs the extra `oidc`.
"""

from __future__ import annotations

import http.client
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from aggregator.errors import ProviderError
from aggregator.mailbox import mailbox

SCOPE = "openid email profile"
# Signatures by keys that only the provider has: neither "none" nor a secret that we share would prove anything.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
PATIENCE = 10.0  # seconds for one answer
LARGEST = 2**20  # bytes of one
KNOWN_FOR = timedelta(hours=1)  # so long a provider's description is not asked for again
LEEWAY = 60  # seconds that its clock may differ from ours

Ask = Callable[[urllib.request.Request], bytes]


class Provider:
    """One provider; its methods ask over the network, so call them in a thread. `back`: where browsers come back to."""

    def __init__(self, issuer: str, client: str, secret: str, back: str, ask: Ask | None = None) -> None:
        self.issuer = issuer
        self._client = client
        self._secret = secret
        self._back = back
        self._ask = ask or _asked
        self._known: tuple[datetime, Mapping[str, Any]] | None = None

    @property
    def name(self) -> str:
        """What a button calls it: its host."""
        return urlsplit(self.issuer).hostname or self.issuer

    def begin(self, now: datetime) -> tuple[str, dict[str, str]]:
        """Where to send a browser, and what it is to keep: what the answer must fit. Raises ProviderError."""
        begun = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        address: str = prepare_grant_uri(
            self._address("authorization_endpoint", now),
            client_id=self._client,
            response_type="code",
            redirect_uri=self._back,
            scope=SCOPE,
            state=begun["state"],
            nonce=begun["nonce"],
            code_challenge=create_s256_code_challenge(begun["verifier"]),
            code_challenge_method="S256",
        )
        return address, begun

    def finish(self, begun: Mapping[str, str], code: str, now: datetime) -> str:
        """The mail address of who logged in there. Raises ProviderError where the answer proves none."""
        answer = self._token(begun, code, now)
        claims = self._claims(begun, answer, now)
        email = mailbox(claims["email"]) if isinstance(claims.get("email"), str) else None
        if email is None or claims.get("email_verified") is False:
            raise ProviderError("the identity provider tells no mail address, or says that it is not verified")
        return email

    def _token(self, begun: Mapping[str, str], code: str, now: datetime) -> Mapping[str, Any]:
        """The code turned into tokens (RFC 6749 4.1.3, RFC 7636 4.5)."""
        address = self._address("token_endpoint", now)
        allowed = self._described(now).get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in allowed else "client_secret_post"
        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=self._back, code_verifier=begun["verifier"]
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        auth = ClientAuth(self._client, self._secret, method)
        address, headers, body = auth.prepare("POST", address, headers, body)
        return self._json(urllib.request.Request(address, body.encode(), headers, method="POST"))  # noqa: S310 - the operator's provider

    def _claims(self, begun: Mapping[str, str], answer: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
        """What the identity token says, its signature, issuer, audience, time and nonce checked (OIDC Core 3.1.3.7)."""
        keys = self._json(urllib.request.Request(self._address("jwks_uri", now)))  # noqa: S310 - as above
        try:
            token = jwt.decode(str(answer.get("id_token", "")), KeySet.import_key_set(dict(keys)), list(ALGORITHMS))  # type: ignore[arg-type]  # a key set is whatever JSON it is; a wrong one raises
            wanted = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._client},
            }
            known = {"nonce": begun["nonce"], "client_id": self._client, "access_token": answer.get("access_token")}
            claims = CodeIDToken(token.claims, token.header, wanted, known)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProviderError("the identity provider's word can't be believed") from error
        return dict(claims)

    def _address(self, name: str, now: datetime) -> str:
        found = self._described(now).get(name)
        if not isinstance(found, str) or urlsplit(found).scheme != urlsplit(self.issuer).scheme:
            raise ProviderError(f"the identity provider tells no {name}")
        return found

    def _described(self, now: datetime) -> Mapping[str, Any]:
        """What the provider says of itself (OIDC Discovery 1.0, 4); it must name itself as the setting does."""
        if self._known is None or abs(now - self._known[0]) >= KNOWN_FOR:
            address = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            found = self._json(urllib.request.Request(address))  # noqa: S310 - as above
            if found.get("issuer") != self.issuer:
                raise ProviderError(f"the identity provider calls itself {found.get('issuer')!r}, not {self.issuer!r}")
            self._known = now, found
        return self._known[1]

    def _json(self, request: urllib.request.Request) -> Mapping[str, Any]:
        try:
            found = json.loads(self._ask(request))
        except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
            raise ProviderError("the identity provider does not answer, or not as it should") from error
        if not isinstance(found, dict):
            raise ProviderError("the identity provider does not answer as it should")
        return found


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows nothing: what a provider says of itself stands where it says."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """None: the redirect is an error."""
        return


def _asked(request: urllib.request.Request) -> bytes:
    """The body of an answer. No proxy of the environment, no redirect, no more than `LARGEST`."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stays)
    with opener.open(request, timeout=PATIENCE) as answer:
        body: bytes = answer.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise ValueError("too large")
    return body
