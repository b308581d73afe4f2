"""Who a visitor is for the counting of looks, and how a visitor who looks too often is told."""

from django.conf import settings
from django.http import HttpRequest

from usage.verifying.rate_limits import network_of
from zezhou_portal.kernel.actors import Actor, ActorKind


def visitor(request: HttpRequest, actor: Actor) -> str:
    """Under which name looks are counted: an official's own, else the network's.

    A whole office may share one address; its officials are told apart by their accounts.
    """
    if actor.kind is ActorKind.OFFICIAL:
        return f"account:{actor.key}"
    return f"network:{network_of(_address(request))}"


def _address(request: HttpRequest) -> str:
    """The caller's address: our own proxies' word is taken, a caller's own never."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies: int = settings.PORTAL_PROXIES
    return hops[-proxies] if 0 < proxies <= len(hops) and hops[-proxies] else direct
