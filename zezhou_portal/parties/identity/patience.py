"""How much of the portal an identity service that is slow or away may hold up (M.20).

Anybody can have the portal ask a service, without being anybody. So few ask at once, nobody asks
for a while after it has failed, and what a service publishes of itself is asked for once for all.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from zezhou_portal.kernel import clock, counters
from zezhou_portal.parties.identity.configuration import Provider
from zezhou_portal.parties.identity.port import SignInFailed

log = structlog.get_logger(__name__)

# All ours. Of the portal's web workers so many may wait for one service at once.
MOST_AT_ONCE = 2
# So many failures within so long, and nobody is asked until that time is over.
FAILURES, REST = 2, timedelta(seconds=60)
# How long metadata and keys count as they are, and may stand in for a service that is away.
FRESH, STANDS_IN = timedelta(minutes=10), timedelta(days=1)
# A key that is not known is looked for anew, but not at every stranger's word.
KEYS_AGAIN = timedelta(seconds=60)
_AWAY = frozenset({"down", "timeout"})


@contextmanager
def patience(provider: Provider) -> Iterator[None]:
    """One question to a service; a failure within is counted.

    Raises SignInFailed where too many ask already, or the service has just failed. Where nobody
    can be counted the service is asked: a sign-in is judged by its answer, never by a count.
    """
    name = _name(provider)
    resting, asking = f"{name}:failed", f"{name}:asking"
    if _counted(lambda: counters.present(resting)) >= FAILURES:
        raise _resting(provider)
    # a count whose process died is gone soon after the longest question would have ended
    seconds = int(2 * provider.seconds) + 5
    try:
        if _counted(lambda: counters.add(asking, 1, seconds)) > MOST_AT_ONCE:
            raise _busy(provider)
        yield
    except SignInFailed as failed:
        if failed.code in _AWAY:
            _counted(lambda: counters.add(resting, 1, int(REST.total_seconds())))
            log.warning("identity_service_failed", provider=provider.key, code=failed.code)
        raise
    finally:
        with suppress(RedisError):
            counters.take_back(asking, 1)


def published(
    provider: Provider,
    address: str,
    ask: Callable[[], dict[str, Any]],
    *,
    fresh: timedelta = FRESH,
) -> dict[str, Any]:
    """What a service publishes at an address, as it was told within `fresh`; else asked anew.

    An older answer stands in while the service is away, or while somebody asks already.
    Raises SignInFailed where there is none.
    """
    kept = _kept(provider, address)
    if kept is not None and clock.now().timestamp() - kept[0] < fresh.total_seconds():
        return kept[1]
    try:
        told = ask()
    except SignInFailed as failed:
        if kept is None or failed.code not in (*_AWAY, _BUSY):
            raise
        return kept[1]
    _keep(provider, address, told)
    return told


def known(provider: Provider, address: str) -> dict[str, Any]:
    """What is kept of an address; nothing where nothing is. Nobody is asked."""
    kept = _kept(provider, address)
    return {} if kept is None else kept[1]


def _kept(provider: Provider, address: str) -> tuple[float, dict[str, Any]] | None:
    try:
        text = cache.get(_name(provider, address))
    except RedisError:
        return None
    if not isinstance(text, str):
        return None
    moment, told = json.loads(text)
    return float(moment), dict(told)


def _keep(provider: Provider, address: str, told: dict[str, Any]) -> None:
    text = json.dumps([clock.now().timestamp(), told])
    try:
        cache.set(_name(provider, address), text, int(STANDS_IN.total_seconds()))
    except RedisError as error:
        log.warning("identity_answer_not_kept", error=type(error).__name__)


def _name(provider: Provider, *more: str) -> str:
    """The name of a count or an answer: of this service at these addresses."""
    addresses = "\n".join((*provider.addresses, *more))
    return f"identity:{provider.key}:{sha256(addresses.encode()).hexdigest()[:32]}"


def _counted(count: Callable[[], int]) -> int:
    try:
        return count()
    except RedisError as error:
        log.warning("identity_not_counted", error=type(error).__name__)
        return 0


_BUSY = "busy"


def _busy(provider: Provider) -> SignInFailed:
    sentence = f"现在从“{provider.label}”登录的人太多，这次没有登录。请 1 分钟以后再试。"
    return SignInFailed(_BUSY, sentence)


def _resting(provider: Provider) -> SignInFailed:
    sentence = f"“{provider.label}”刚才没有答复，先不再问它，这次没有登录。请 1 分钟以后再试。"
    return SignInFailed(_BUSY, sentence)
