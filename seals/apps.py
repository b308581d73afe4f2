"""The second instrument: e-seals (S.)."""

from importlib import import_module

from django.apps import AppConfig


class SealsConfig(AppConfig):
    """App config of the seals."""

    name = "seals"
    verbose_name = "电子印章"

    def ready(self) -> None:
        """Stops the start where SM2 does not work: nothing could be sealed, no seal judged.

        Raises CryptoUnavailable.
        """
        from seals.crypto import sm2  # only now: the settings come before libcrypto

        sm2.self_check()
        import_module("seals.trail_words")
