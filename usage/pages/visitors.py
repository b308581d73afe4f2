"""Who a visitor is for the counting of looks; the interface counts by the same name."""

from usage.visitors import visitor

__all__ = ["visitor"]
