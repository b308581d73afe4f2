"""Model fields that the whole portal uses."""

from typing import Any

from django.db import models

from zezhou_portal.kernel import vault


class SecretField(models.TextField):  # type: ignore[type-arg]
    """Text that the database holds encrypted only; empty text stays empty."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """The clear text."""
        return vault.decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        """The text as it is stored."""
        prepared = super().get_prep_value(value)
        return vault.encrypt(prepared) if prepared else prepared
