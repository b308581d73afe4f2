"""How a ticket's exchange is signed, either way: HMAC with SM3 under the shared secret; pure."""

import hashlib
import hmac

SIGNATURE = "X-Identity-Signature"


def request_proof(secret: str, application: str, ticket: str, moment: str, nonce: str) -> str:
    """The signature of a question: who asks, for which ticket, when, once."""
    return _code(secret, "request", application, ticket, moment, nonce)


def answer_proof(secret: str, nonce: str, body: bytes) -> str:
    """The signature of the answer to the question with that nonce."""
    return _code(secret, "answer", nonce, hashlib.new("sm3", body).hexdigest())


def is_same(one: str, other: str) -> bool:
    """Whether two signatures are the same, in a time that does not say how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())


def _code(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\n".join(parts).encode(), "sm3").hexdigest()
