"""Every model says what it is; its constraints carry names; no key points up the layers."""

import ast

import pytest
from django.apps import apps
from django.db import models

from tests.conventions.sources import modules

# Lowest first, as `pyproject.toml` orders the apps (contract "apps").
ORDER = (
    "audit_trail",
    "parties",
    "audit_deadlines",
    "exchange",
    "seals",
    "licences",
    "usage",
    "supervision",
)
OURS = [
    one
    for one in apps.get_models()
    if one.__module__.split(".")[0] in {"audit", "zezhou_portal", "seals", "licences", "usage"}
]
# Layers without a table of their own.
NO_MODELS = {"kernel", "regulation", "pagekit", "sample_county"}


def test_order_when_compared_then_names_every_app_that_has_models() -> None:
    assert {one._meta.app_label for one in OURS} <= set(ORDER)


@pytest.mark.parametrize("model", OURS, ids=lambda one: one._meta.label)
def test_model_when_printed_then_says_what_it_is(model: type[models.Model]) -> None:
    own = next(base for base in model.__mro__ if "__str__" in vars(base))
    assert own is not models.Model


@pytest.mark.parametrize("model", OURS, ids=lambda one: one._meta.label)
def test_model_when_constrained_then_by_name(model: type[models.Model]) -> None:
    meta = model._meta
    assert meta.unique_together == ()
    for one in [*meta.constraints, *meta.indexes]:
        words = one.name.split("_")
        assert len(words) >= 2, f"{meta.label}: {one.name} does not read like a sentence"
        assert one.name.isascii()
        assert one.name == one.name.lower()
    # what Django names by itself ends in a digest, which tells nobody what it is for
    assert not [one.name for one in meta.indexes if one.name.endswith(("_idx", "_uniq"))]


@pytest.mark.parametrize("model", OURS, ids=lambda one: one._meta.label)
def test_model_when_it_refers_then_never_up_the_layers(model: type[models.Model]) -> None:
    own = model._meta.app_label
    for field in model._meta.get_fields():
        if not field.is_relation or field.auto_created or not isinstance(field, models.Field):
            continue
        other = field.related_model._meta.app_label
        if other in ORDER:
            assert ORDER.index(other) <= ORDER.index(own), (
                f"{own} refers up to {other}: {field.name}"
            )


def test_trail_when_looked_at_then_refers_to_nothing() -> None:
    kept = [one for one in OURS if one._meta.app_label == "audit_trail"]
    assert {one.__name__ for one in kept} == {"Record", "RecordOrigin"}
    for one in kept:
        assert [field.name for field in one._meta.get_fields() if field.is_relation] == []


def test_order_when_the_settings_are_read_then_is_theirs() -> None:
    """The labels above stand in the order that import-linter keeps."""
    text = (modules()[0].path.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    start = text.index('id = "apps"')
    listed = ast.literal_eval(
        text[text.index("layers = [", start) + 9 : text.index("\n]", start) + 2]
    )
    names = [one.strip("()").rsplit(".", 1)[-1] for one in listed if ":" not in one]
    known = {"trail": "audit_trail", "deadlines": "audit_deadlines"}
    labels = [known.get(one, one) for one in names if one not in NO_MODELS]
    assert list(reversed(labels)) == list(ORDER)
