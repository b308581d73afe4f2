"""The identity services that the settings name."""

from django.conf import settings

from zezhou_portal.parties.identity.configuration import Provider
from zezhou_portal.parties.identity.openid import OpenIdConnect
from zezhou_portal.parties.identity.port import IdentityService
from zezhou_portal.parties.identity.ticket import TicketSignOn


def providers() -> list[Provider]:
    """The services, in the order in which a page offers them."""
    return list(settings.PORTAL_IDENTITY.values())


def provider(key: str) -> Provider | None:
    """The service of a key."""
    found: Provider | None = settings.PORTAL_IDENTITY.get(key)
    return found


def label_of(key: str) -> str:
    """What people call the service of a key."""
    found = provider(key)
    return found.label if found else key


def service(found: Provider) -> IdentityService:
    """The adapter that speaks a service's protocol."""
    return OpenIdConnect(found) if found.kind == "openid" else TicketSignOn(found)
