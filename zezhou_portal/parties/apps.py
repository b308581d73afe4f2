"""Who is who and who may what (M.3, M.24-M.26, M.31)."""

from importlib import import_module

from django.apps import AppConfig

from zezhou_portal.regulation.numbers import CHANGES
from zezhou_portal.regulation.workdays import YEARS


class PartiesConfig(AppConfig):
    """App config of the parties."""

    name = "zezhou_portal.parties"
    label = "parties"
    verbose_name = "单位与人员"

    def ready(self) -> None:
        import_module("zezhou_portal.parties.trail_words")
        calendars = import_module("zezhou_portal.parties.calendars.selectors")
        instruments = import_module("zezhou_portal.parties.instruments.selectors")
        YEARS.read_by(calendars.announced_in_portal)
        CHANGES.read_by(instruments.changes_in_portal)
