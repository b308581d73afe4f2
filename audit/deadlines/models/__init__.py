"""The clocks' models, by name."""

from audit.deadlines.models.deadline import Deadline

__all__ = ["Deadline"]
