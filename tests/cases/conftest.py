"""The kinds that the ledgers of the cases hold, published by the approval bureau."""

from tests.licences.stock.conftest import cast, published

__all__ = ["cast", "published"]
