"""Who a visitor is for the counting of looks, and how a visitor who looks too often is told."""

from django.http import HttpRequest

from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.kernel.network import address_of, network_of


def visitor(request: HttpRequest, actor: Actor) -> str:
    """Under which name looks are counted: an official's own, else the network's.

    A whole office may share one address; its officials are told apart by their accounts.
    """
    if actor.kind is ActorKind.OFFICIAL:
        return f"account:{actor.key}"
    return f"network:{network_of(address_of(request))}"
