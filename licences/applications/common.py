"""What the verbs of an application share: finding it, naming it, whose hands it went through."""

from collections.abc import Collection

from django.db.models import QuerySet

from licences.models import Application
from zezhou_portal.regulation.errors import RuleBroken


def applications() -> QuerySet[Application]:
    """Applications with what every verb needs of them."""
    return Application.objects.select_related("entry", "issuing_department")


def keep_hands_apart(account_id: int, hands: Collection[int | None], sentence: str) -> None:
    """Two hands for two steps: our reading of M.7 and S.12.

    Raises RuleBroken if the person has already had a hand in the application.
    """
    if account_id in hands:
        raise RuleBroken("M.7", sentence)


def check_revision(application: Application, revision: int) -> None:
    """Refuses what was typed over a page that somebody else has changed meanwhile."""
    if application.revision != revision:
        raise RuleBroken("M.7", "您打开这一页以后，别人改过这一件。您填的没有保存，请刷新后再填。")
