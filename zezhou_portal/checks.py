"""Deploy checks: what must be right, and what somebody should know, before the portal starts."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.management.base import SystemCheckError
from django.db import DatabaseError

from zezhou_portal.kernel import clock, vault
from zezhou_portal.regulation.instruments import INSTRUMENTS
from zezhou_portal.regulation.workdays import announced_years, came_with_portal

# The shortest secrets (ours): the portal's own and the city's are of 32 random bytes in any
# writing; a text gateway's and a watcher's are given by others.
_SHORTEST = {
    "SECRET_KEY": 43,
    "CITY_SHARED_SECRET": 32,
    "PORTAL_TEXTS_SECRET": 16,
    "PORTAL_METRICS_TOKEN": 16,
}
_DIFFERENT = 8
# With these the database's library takes no connection in the clear.
_OVER_TLS = frozenset({"require", "verify-ca", "verify-full"})


def stop_if_unsafe() -> None:
    """Raises SystemCheckError where a county's server must not start as it is configured.

    Called by whoever serves or works (wsgi.py, celery.py): a check that nobody runs stops nothing.
    """
    if not settings.PORTAL_STARTS_CHECKED:
        return
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    if errors := [one for one in found if one.is_serious()]:
        raise SystemCheckError("\n".join(["The portal does not start:", *map(str, errors)]))


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


@register(Tags.security, deploy=True)
def proxies_are_counted(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.E005: TLS ends before the portal, so somebody stands there and writes who calls."""
    if settings.PORTAL_PROXIES > 0:
        return []
    return [
        Error(
            "PORTAL_PROXIES does not say how many proxies hand a request on.",
            hint="1 for the front of docker-compose.yml; without it every caller is one network.",
            id="portal.E005",
        )
    ]


@register(Tags.security, deploy=True)
def address_is_public(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.E006: the address is printed as a code on every face, for anybody's phone."""
    if _is_over_tls(settings.PORTAL_ADDRESS) and not _is_this_machine(settings.PORTAL_ADDRESS):
        return []
    return [
        Error(
            f"PORTAL_ADDRESS is no public address over TLS: {settings.PORTAL_ADDRESS}.",
            hint="It is printed on every licence; it must start with https:// and name a host.",
            id="portal.E006",
        )
    ]


@register(Tags.security, deploy=True)
def secrets_are_long_enough(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.E007: a secret that is short or of few letters is guessed."""
    needless = {"PORTAL_METRICS_TOKEN"}
    if not settings.PORTAL_TEXTS_ADDRESS:
        needless.add("PORTAL_TEXTS_SECRET")
    found: list[CheckMessage] = []
    for name, least in _SHORTEST.items():
        secret = str(getattr(settings, name))
        if not secret and name in needless:
            continue
        if len(secret) < least or len(set(secret)) < _DIFFERENT:
            found.append(
                Error(
                    f"{name} is too short, or of too few different letters.",
                    hint=f"At least {least} letters: openssl rand -base64 48",
                    id="portal.E007",
                )
            )
    return found


@register(Tags.security, deploy=True)
def others_are_reached_over_tls(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.E008, E009, E010: city, text gateway and database, unless the network is closed."""
    database: dict[str, Any] = settings.DATABASES["default"]
    host = str(database.get("HOST", ""))
    is_near = not host or host.startswith("/") or _is_local(host)
    is_safe = {
        "city": _is_over_tls(settings.CITY_ADDRESS),
        "texts": not settings.PORTAL_TEXTS_ADDRESS or _is_over_tls(settings.PORTAL_TEXTS_ADDRESS),
        "database": is_near or database.get("OPTIONS", {}).get("sslmode") in _OVER_TLS,
    }
    how = {
        "city": ("portal.E008", "CITY_ADDRESS must start with https://"),
        "texts": ("portal.E009", "PORTAL_TEXTS_ADDRESS must start with https://"),
        "database": ("portal.E010", "DATABASE_URL must end with ?sslmode=verify-full (or require)"),
    }
    return [
        Error(
            f"The portal reaches its {name} without TLS.",
            hint=f"{how[name][1]}; on a network that is closed name it in PORTAL_CLOSED_NETWORK.",
            id=how[name][0],
        )
        for name, safe in is_safe.items()
        if not safe and name not in settings.PORTAL_CLOSED_NETWORK
    ]


@register(Tags.security, deploy=True)
def second_factor_is_on(app_configs: Any, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """portal.E011: a password alone opens no desk (GB/T 22239)."""
    if settings.PORTAL_SECOND_FACTOR:
        return []
    return [
        Error(
            "The second factor is switched off.",
            hint="Take PORTAL_SECOND_FACTOR out of the environment.",
            id="portal.E011",
        )
    ]


def _is_over_tls(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname)


def _is_this_machine(address: str) -> bool:
    return _is_local(urlsplit(address).hostname or "")


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
