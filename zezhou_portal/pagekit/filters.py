"""What narrows a list page: django-filter's filters with the portal's words, days and chips."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django_filters.constants import EMPTY_VALUES
from django_filters.fields import ChoiceField

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.pagekit.fields import DayField

Narrow = Callable[["QuerySet[Any]", Any], "QuerySet[Any]"]
Choices = Iterable[tuple[str, str]] | Mapping[str, str]


class _SearchField(forms.CharField):
    """Free text: the wide field of a filter bar."""

    grow = True

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "spellcheck": "false"}
        most = kwargs["max_length"]
        super().__init__(
            widget=forms.TextInput(attrs=attributes),
            error_messages={"max_length": f"最多写 {most} 个字"},
            **kwargs,
        )


class SearchFilter(django_filters.CharFilter):  # type: ignore[misc]
    """Free text, narrowed down by a function of the rows and the text.

    What people type may name somebody, so an export's record keeps it as a digest.
    """

    field_class = _SearchField
    is_personal = True

    def __init__(self, label: str, narrow: Narrow, *, most: int = 60) -> None:
        super().__init__(label=label, max_length=most)
        self._narrow = narrow

    def filter(self, qs: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        return self._narrow(qs, value) if value else qs

    def words(self, value: str) -> str:
        """What a chip says."""
        return f"“{value}”"


class ChoiceFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """One of several: by a column, or by a function of the rows and the value.

    `choices` may be a function of the actor. With `always` the function also says what is shown
    where nothing is chosen (it is given an empty text), and `empty` what that is called.
    """

    is_personal = False

    def __init__(
        self,
        label: str,
        choices: Choices | Callable[[Actor], Choices],
        *,
        column: str = "",
        narrow: Narrow | None = None,
        always: bool = False,
        empty: str = "全部",
    ) -> None:
        wrong = {"invalid_choice": "没有这一项，请从清单里选"}
        super().__init__(
            field_name=column or None, label=label, empty_label=empty, error_messages=wrong
        )
        self._choices, self._narrow, self._always = choices, narrow, always

    @property
    def field(self) -> ChoiceField:
        """The field, with the choices that the actor has."""
        if "choices" not in self.extra:
            offered = self._choices
            if callable(offered):
                offered = offered(self.parent.actor)
            self.extra["choices"] = list(
                offered.items() if isinstance(offered, Mapping) else offered
            )
        return super().field

    def filter(self, qs: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        if self._narrow is None:
            return qs.filter(**{self.field_name: value}) if value else qs
        return self._narrow(qs, value) if value or self._always else qs

    def words(self, value: str) -> str:
        """What a chip says."""
        known: dict[str, str] = dict(self.extra["choices"])
        return str(known.get(value, value))


class DayFilter(django_filters.Filter):  # type: ignore[misc]
    """The first day of a period, or with `until` its last one, of a column of moments."""

    field_class = DayField
    is_personal = False

    def __init__(self, label: str, column: str, *, until: bool = False) -> None:
        super().__init__(field_name=column, label=label)
        self._until = until

    def filter(self, qs: "QuerySet[Any]", value: date | None) -> "QuerySet[Any]":
        if value is None or (self._until and value == date.max):
            return qs
        day = value + timedelta(days=1) if self._until else value
        midnight = datetime.combine(day, time.min, clock.BEIJING)
        return qs.filter(**{f"{self.field_name}__{'lt' if self._until else 'gte'}": midnight})

    def words(self, value: date) -> str:
        """What a chip says."""
        return f"{self.label} {value:%Y-%m-%d}"


class ListFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of one list page, as its class attributes; `actor` is whoever reads it."""

    def __init__(self, data: Any, *, queryset: "QuerySet[Any]", actor: Actor) -> None:
        super().__init__(data, queryset)
        self.actor = actor

    def chosen(self) -> list[tuple[str, Any, Any]]:
        """The filters that narrow the list: name, filter and value."""
        if not self.is_valid():
            return []
        return [
            (name, self.filters[name], value)
            for name, value in self.form.cleaned_data.items()
            if value not in EMPTY_VALUES
        ]
