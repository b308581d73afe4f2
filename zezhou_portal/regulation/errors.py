"""The two ways in which the portal says no on purpose."""

from collections.abc import Mapping


class RuleBroken(Exception):
    """An act would break a rule: the article and a sentence a clerk can act on.

    `fields` holds sentences by field name where the fault lies in what was typed.
    """

    def __init__(
        self, article: str, reason: str, *, fields: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(reason)
        self.article = article
        self.reason = reason
        self.fields = dict(fields or {})


class NotPermitted(Exception):
    """The actor may not do this: which capability was asked for, and why it is missing."""

    def __init__(self, capability: str, reason: str) -> None:
        super().__init__(reason)
        self.capability = capability
        self.reason = reason
