"""Model fields that the whole portal uses."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models.functions import Cast

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


class StoredAs(models.TextField):  # type: ignore[type-arg]
    """Text as it is stored, unopened."""


def opened(rows: "models.QuerySet[Any]", name: str) -> Mapping[int, str | vault.Unreadable]:
    """A secret column of several rows by their keys, each opened by itself.

    One that cannot be opened is given as its fault: it must not keep the others shut. Whoever
    claims rows defers the column and asks here.
    """
    stored = rows.annotate(stored=Cast(name, StoredAs())).values_list("pk", "stored")
    return {pk: _opened(text) for pk, text in stored}


def _opened(stored: str) -> str | vault.Unreadable:
    try:
        return vault.decrypt(stored) if stored else stored
    except vault.Unreadable as fault:
        return fault
