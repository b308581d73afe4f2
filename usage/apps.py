"""Chapter three: presentation, verification, objection (M.14-M.23)."""

from importlib import import_module

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """App config of the use of licences."""

    name = "usage"
    verbose_name = "用证"

    def ready(self) -> None:
        import_module("usage.verifying.api.authentication")
        import_module("usage.trail_words")
