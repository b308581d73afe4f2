"""App config of the sample county."""

from django.apps import AppConfig


class SampleCountyConfig(AppConfig):
    """Sample data, its loading and the stand-ins: development and test settings only."""

    name = "sample_county"
    verbose_name = "样例县"
