"""Passwords of staff: hashed with argon2id, judged by their length. Stores nothing.

No rule of composition: length is what counts, and rules make people write "Sommar2027!" (NIST SP 800-63B 3.1.1).
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # characters; with a throttled login, years of guessing
LONGEST = 200  # more is no password, and hashing it costs us
# 19 MiB and two passes (OWASP's first choice for argon2id): some tens of ms, and a flood of logins fits in memory.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody's password, which takes as long to try as any other")


def hashed(password: str) -> str:
    """The hash to be stored, with its salt and parameters. Slow on purpose: call it in a thread."""
    return _HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether it is the password. Without a stored one it takes as long, so that time tells nothing (F08)."""
    try:
        return _HASHER.verify(stored or _NOBODY, password[:LONGEST]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def weakness(password: str, known: str = "") -> str | None:
    """Why it may not be one, as the key of a sentence, or None; `known` is what anybody would try: the address."""
    plain = password.strip().casefold()
    if len(plain) < SHORTEST:
        return "password-short"
    if len(password) > LONGEST:
        return "password-long"
    if len(set(plain)) < 5 or plain in (known.casefold(), known.partition("@")[0].casefold()):
        return "password-plain"
    return None
