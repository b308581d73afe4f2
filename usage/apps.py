"""Chapter three: presentation, verification, objection (M.14-M.23)."""

from django.apps import AppConfig


class UsageConfig(AppConfig):
    """App config of the use of licences."""

    name = "usage"
    verbose_name = "用证"
