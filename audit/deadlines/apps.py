"""Clocks of the departments (M.9, M.11, M.23, M.29)."""

from importlib import import_module

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """App config of the clocks."""

    name = "audit.deadlines"
    label = "audit_deadlines"
    verbose_name = "时限"

    def ready(self) -> None:
        import_module("audit.deadlines.trail_words")
