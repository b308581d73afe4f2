"""App config of the project package."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project package as an app: its commands, template tags and deploy checks."""

    name = "zezhou_portal"
    label = "portal"
    verbose_name = "泽州县电子证照门户"

    def ready(self) -> None:
        from zezhou_portal import checks  # noqa: F401  (registering is their import)
        from zezhou_portal.site import signals

        signals.connect()
