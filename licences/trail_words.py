"""The words of the licences' codes on the trail."""

from audit.trail.vocabulary.facts import give_words
from licences.lifecycle import APPLICATION, BATCH, ENTRY, LICENCE
from licences.models import Application, CatalogueEntry, MarkKind, RowOutcome

give_words(
    states={
        "licence": LICENCE.labels,
        "application": APPLICATION.labels,
        "catalogue_entry": ENTRY.labels,
        "stock_batch": BATCH.labels,
    },
    codes={
        "mode": dict(Application.Mode.choices),
        "mark": dict(MarkKind.choices),
        "changed": {
            field.name: str(field.verbose_name) for field in CatalogueEntry._meta.concrete_fields
        },
        "what": {"face": "照面"},
        "fates": dict(RowOutcome.choices),
    },
)
