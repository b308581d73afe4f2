"""The trail: every act, once, for good (M.25)."""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """App config of the trail."""

    name = "audit.trail"
    label = "audit_trail"
    verbose_name = "操作记录"
