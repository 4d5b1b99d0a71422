"""What went wrong below HTTP, as errors of the program. Nobody else knows the exceptions of httpcore and OpenSSL."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import httpcore

from aggregator.address import Address
from aggregator.errors import BadAnswer, FetchError, RefusedAddress, Unreachable
from aggregator.guard import NoName, Refusal, TooMuch

# X509_V_ERR_* of OpenSSL's x509_vfy.h
_CERTIFICATE = {
    9: ("tls-expired", "The certificate of {host} is not valid yet."),
    10: ("tls-expired", "The certificate of {host} has expired."),
    18: ("tls-untrusted", "The certificate of {host} is signed by nobody but itself."),
    62: ("tls-wrong-name", "The certificate that {host} shows is for another name."),
    64: ("tls-wrong-name", "The certificate that {host} shows is for another address."),
}
FAILURES = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError, OSError)


def failure(error: Exception, address: Address, seconds: float) -> FetchError:
    """The `FetchError` that `error` is, at `address`; `seconds` is the deadline that a timeout means."""
    if isinstance(error, Refusal):
        return RefusedAddress(str(error), url=address.url, code=error.code)
    if isinstance(error, TooMuch):
        return _bad(address, "too-large", "{host} sends more than its answer may be long.")
    if isinstance(error, NoName):
        return _away(address, "dns", "The name servers know no address of {host}.")
    if isinstance(error, TimeoutError | httpcore.TimeoutException):
        return _away(address, "timeout", f"{{host}} did not answer within {seconds:g} seconds.")
    return _tls(error, address) or _broken(error, address)


def _tls(error: Exception, address: Address) -> Unreachable | None:
    cause = next((e for e in _causes(error) if isinstance(e, ssl.SSLError)), None)
    if cause is None:
        return None
    if isinstance(cause, ssl.SSLCertVerificationError):
        unknown = ("tls-untrusted", "The certificate of {host} is signed by nobody that we know.")
        return _away(address, *_CERTIFICATE.get(cause.verify_code, unknown))
    if "PROTOCOL" in (cause.reason or ""):  # …_ALERT_PROTOCOL_VERSION, UNSUPPORTED_PROTOCOL
        return _away(address, "tls-version", "{host} speaks only an old, unsafe version of TLS.")
    if "CERTIFICATE_REQUIRED" in (cause.reason or ""):
        return _away(address, "tls-client", "{host} asks for a certificate of ours.")
    return _away(address, "tls-failed", "No secure connection to {host} could be made.")


def _broken(error: Exception, address: Address) -> FetchError:
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        return _away(address, "connect", "{host} takes no connection.")
    if isinstance(error, httpcore.ProtocolError) and "complete message body" not in str(error):
        return _bad(address, "protocol", "{host} does not answer as HTTP has it.")
    return _bad(address, "cut", "{host} broke off in the middle of its answer.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _away(address: Address, code: str, sentence: str) -> Unreachable:
    return Unreachable(sentence.format(host=address.host), url=address.url, code=code)


def _bad(address: Address, code: str, sentence: str) -> BadAnswer:
    return BadAnswer(sentence.format(host=address.host), url=address.url, code=code)
