"""The second instrument: e-seals (S.)."""

from django.apps import AppConfig


class SealsConfig(AppConfig):
    """App config of the seals."""

    name = "seals"
    verbose_name = "电子印章"
