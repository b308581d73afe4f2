"""Chapter two: catalogue, capture, review, issue, life (M.6-M.10)."""

from importlib import import_module

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    """App config of the licences."""

    name = "licences"
    verbose_name = "电子证照"

    def ready(self) -> None:
        import_module("licences.trail_words")
