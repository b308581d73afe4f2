"""Where a request comes from: our own front's word is taken for it, a caller's own never.

While a request is answered its origin is known here, so that the trail can keep it beside the
acts (`audit.trail.origins`) without every verb handing it on; a worker's task has none.

`PORTAL_PROXIES` says how many proxies of ours stand in front, `PORTAL_PROXY_NETWORKS` from where
the last of them may come: one that reaches a worker from elsewhere is no front of ours, whatever
it says of itself (GB/T 22239).
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# What is kept of how a device names itself.
DEVICE_CHARACTERS = 300


@dataclass(frozen=True)
class Origin:
    """From which network address, and from what device by its own word."""

    address: str
    device: str


_caller: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin | None:
    """Where whoever asks now comes from; None where nobody does, as in a task or a command."""
    return _caller.get()


@contextmanager
def calling_from(request: HttpRequest) -> Iterator[None]:
    """What is done within is done for a caller from the request's address and device."""
    words = "".join(c for c in request.headers.get("User-Agent", "") if c.isprintable())
    token = _caller.set(Origin(address_of(request)[:100], words[:DEVICE_CHARACTERS]))
    try:
        yield
    finally:
        _caller.reset(token)


def caller_network() -> str:
    """The network of whoever asks now; empty where nobody does, as in a task or a command."""
    here = _caller.get()
    return network_of(here.address) if here is not None else ""


def is_from_our_front(request: HttpRequest) -> bool:
    """Whether the request was handed on by a proxy of our own, so that its headers count.

    A worker that listens at a socket of the machine has no address to look at: who reaches it
    is on the machine already.
    """
    if settings.PORTAL_PROXIES <= 0:
        return False
    direct = _direct(request)
    if not direct:
        return True
    try:
        address = _plain(ipaddress.ip_address(direct))
    except ValueError:
        return False
    return any(address in network for network in _networks(tuple(settings.PORTAL_PROXY_NETWORKS)))


def address_of(request: HttpRequest) -> str:
    """The caller's address: what the outermost of our proxies wrote, else who is connected."""
    direct = _direct(request)
    if not is_from_our_front(request):
        return direct
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies: int = settings.PORTAL_PROXIES
    return hops[-proxies] if proxies <= len(hops) and hops[-proxies] else direct


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one line is given in IPv6."""
    try:
        parsed = _plain(ipaddress.ip_address(address.strip()))
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _direct(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _plain(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IPv4 address as such, also where a socket of both sorts writes it as IPv6."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


@lru_cache(maxsize=4)
def _networks(named: tuple[str, ...]) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(one) for one in named)
