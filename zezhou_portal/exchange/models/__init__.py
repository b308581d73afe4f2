"""The exchange's models, by name."""

from zezhou_portal.exchange.models.outbound import Attempt, Outbound, Receipt

__all__ = ["Attempt", "Outbound", "Receipt"]
