"""How a department's ledger of one form is mapped: kept once, offered again (P.2.2.1)."""

from collections.abc import Mapping

from licences.models import CatalogueEntry, SheetMapping
from licences.stock.sheets.headings import Mapping as Columns
from licences.stock.sheets.headings import digest_of, guess_mapping, map_by_hand
from licences.stock.sheets.kinds import KindRules
from licences.stock.sheets.reading import Sheet
from zezhou_portal.kernel import clock


def remembered(entry: CatalogueEntry, sheet: Sheet, rules: KindRules) -> Columns | None:
    """The columns as the department mapped this form last; None for a form not met before."""
    kept = SheetMapping.objects.filter(
        issuing_department_id=entry.issuing_department_id,
        type_code=entry.type_code,
        headings_digest=digest_of(sheet.headings),
    ).first()
    try:
        return map_by_hand(kept.columns, len(sheet.headings), rules.named_by) if kept else None
    except ValueError:  # an item that the kind's new edition does not have
        return None


def columns_for(entry: CatalogueEntry, sheet: Sheet, rules: KindRules) -> Columns:
    """The columns as the department mapped this form last, else as its headings read."""
    return remembered(entry, sheet, rules) or guess_mapping(
        sheet.headings, rules.item_names, rules.named_by
    )


def keep(entry: CatalogueEntry, sheet: Sheet, columns: Mapping[str, int]) -> None:
    """Keeps how a person mapped the form; inside the caller's act."""
    SheetMapping.objects.update_or_create(
        issuing_department_id=entry.issuing_department_id,
        type_code=entry.type_code,
        headings_digest=digest_of(sheet.headings),
        defaults={"columns": dict(columns), "chosen_at": clock.now()},
    )
