"""The licences' models, by name."""

from licences.models.application import (
    Application,
    ApplicationHolder,
    Attachment,
    Review,
    Substitute,
)
from licences.models.catalogue import CatalogueEntry, ItemLicenceLink, NumberCounter, ServiceItem
from licences.models.licence import (
    Licence,
    LicenceHolder,
    LicenceMark,
    LicenceOrigin,
    LicenceStatus,
    MarkKind,
)
from licences.models.stock import RowOutcome, SheetMapping, StockBatch, StockRow
from licences.models.version import LicenceFile, LicenceVersion

__all__ = [
    "Application",
    "ApplicationHolder",
    "Attachment",
    "CatalogueEntry",
    "ItemLicenceLink",
    "Licence",
    "LicenceFile",
    "LicenceHolder",
    "LicenceMark",
    "LicenceOrigin",
    "LicenceStatus",
    "LicenceVersion",
    "MarkKind",
    "NumberCounter",
    "Review",
    "RowOutcome",
    "ServiceItem",
    "SheetMapping",
    "StockBatch",
    "StockRow",
    "Substitute",
]
