"""Who is who and who may what (M.3, M.24-M.26, M.31)."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """App config of the parties."""

    name = "zezhou_portal.parties"
    label = "parties"
    verbose_name = "单位与人员"
