"""Whatever crosses to the city, both ways (M.8-M.10, M.19, S.3)."""

from importlib import import_module

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """App config of the exchange."""

    name = "zezhou_portal.exchange"
    label = "exchange"
    verbose_name = "与市平台往来"

    def ready(self) -> None:
        import_module("zezhou_portal.exchange.api.schema")
        import_module("zezhou_portal.exchange.trail_words")
