"""Deploy checks: what must be right, and what somebody should know, before the portal starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from zezhou_portal.kernel import clock, vault
from zezhou_portal.regulation.instruments import INSTRUMENTS
from zezhou_portal.regulation.workdays import announced_years, came_with_portal


@register(Tags.security, deploy=True)
def keys_are_present(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.E001: without its data keys the portal can neither read nor write a citizen id."""
    try:
        vault.decrypt(vault.encrypt("check"))
    except (vault.KeysMissing, vault.Unreadable, OSError, ValueError) as error:
        return [
            Error(
                f"The data keys cannot be used ({type(error).__name__}).",
                hint=f"Put the key files into {settings.PORTAL_KEYS}/data, or make the first ones"
                " with scripts/setup.",
                id="portal.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def time_is_beijing(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.E002: every limit of the Measures ends at midnight in Beijing."""
    if settings.TIME_ZONE == "Asia/Shanghai" and settings.USE_TZ:
        return []
    return [
        Error(
            "The portal's time zone is not Beijing's.",
            hint="Set TIME_ZONE to Asia/Shanghai and USE_TZ to True.",
            id="portal.E002",
        )
    ]


@register("regulation", deploy=True)
def instruments_are_in_force(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.W001: an instrument whose term is over (M.32)."""
    today = clock.today()
    return [
        Warning(
            f"《{text.title}》 ended on {text.ends_on}; documents that cite it say so.",
            hint="Ask the bureau which text is in force now, and load it as a successor.",
            id="portal.W001",
        )
        for text in INSTRUMENTS.values()
        if not text.in_force(today)
    ]


@register("regulation", deploy=True)
def next_year_is_announced(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.W002: working-day sums that reach into an unannounced year are provisional."""
    today = clock.today()
    try:
        announced = announced_years()
    except DatabaseError:  # a portal that is being set up has no tables yet
        announced = frozenset(came_with_portal())
    missing = [year for year in (today.year, today.year + 1) if year not in announced]
    return [
        Warning(
            f"The working-day calendar of {year} is not loaded.",
            hint="The bureau enters the State Council's notice in the portal (放假安排).",
            id="portal.W002",
        )
        for year in missing
    ]


@register(Tags.security, deploy=True)
def identity_services_are_safe(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.E003, portal.E004: who vouches for holders must be real, and reached over TLS."""
    found: list[CheckMessage] = []
    for service in settings.PORTAL_IDENTITY.values():
        if service.is_sample:
            found.append(
                Error(
                    f"The identity service {service.key} is the sample one.",
                    hint="Name the province's service in PORTAL_IDENTITY_PROVIDERS.",
                    id="portal.E003",
                )
            )
        elif any(not address.startswith("https://") for address in service.addresses):
            found.append(
                Error(
                    f"The identity service {service.key} is reached without TLS.",
                    hint="Its addresses must start with https://.",
                    id="portal.E004",
                )
            )
    return found


@register("regulation", deploy=True)
def holders_can_sign_in(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.W003: without an identity service nobody sees their own licences (M.20)."""
    if settings.PORTAL_IDENTITY:
        return []
    return [
        Warning(
            "No identity service is configured; holders cannot sign in.",
            hint="Name one in PORTAL_IDENTITY_PROVIDERS (zezhou_portal/settings/identity.py).",
            id="portal.W003",
        )
    ]
