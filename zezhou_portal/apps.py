"""App config of the project package."""

from contextlib import suppress
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class PortalConfig(AppConfig):
    """The project package as an app: its commands, template tags and deploy checks."""

    name = "zezhou_portal"
    label = "portal"
    verbose_name = "泽州县电子证照门户"

    def ready(self) -> None:
        from zezhou_portal import checks  # noqa: F401  (registering is their import)
        from zezhou_portal.site import signals

        signals.connect()
        # The folder stands in nobody's way where it cannot be made: only an upload needs it.
        with suppress(OSError):
            Path(settings.PORTAL_UPLOADS).mkdir(parents=True, exist_ok=True)
