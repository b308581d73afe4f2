"""What the city is sent of a licence, and when: in the transaction of the act itself (M.8, M.9)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from licences.models import Licence, LicenceOrigin, LicenceStatus, LicenceVersion
from licences.services.registering import subject_of
from zezhou_portal.exchange.services.posting import Happening, post_many
from zezhou_portal.exchange.topics import Topic
from zezhou_portal.kernel import vault


def happening_of_issue(
    licence: Licence, version: LicenceVersion, digest: str, order: int
) -> Happening:
    """The message that a licence has come into force, with its file."""
    stock = licence.origin == LicenceOrigin.STOCK
    return Happening(
        topic=Topic.STOCK_LICENCE if stock else Topic.LICENCE_ISSUED,
        department_id=licence.issuing_department_id,
        subject=subject_of(licence),
        version=order,
        content=content_of(licence, version),
        file_digest=digest,
    )


def happening_of_state(
    topic: Topic, licence: Licence, version: LicenceVersion, order: int
) -> Happening:
    """The message that a licence's state has changed; each happening has its own topic.

    `order` puts the messages of one licence in a row (`order_of`).
    """
    return Happening(
        topic=topic,
        department_id=licence.issuing_department_id,
        subject=subject_of(licence),
        version=order,
        content=content_of(licence, version),
        file_digest="",
    )


def order_of(licences: Sequence[Licence]) -> dict[int, int]:
    """How many states each licence has had: its messages go to the city in this order."""
    counted = LicenceStatus.objects.filter(licence__in=licences).values_list("licence")
    return dict(counted.annotate(count=Count("pk")))


def content_of(licence: Licence, version: LicenceVersion) -> dict[str, Any]:
    """The catalogue data of a licence: the basic metadata and its state (GB/T 36903)."""
    frozen = version.frozen
    return {
        "identifier": version.identifier,
        "type_name": frozen["kind_name"],
        "type_code": frozen["type_code"],
        "number": frozen["number"],
        "issuer_name": frozen["issuer"],
        "issuer_code": frozen["issuer_code"],
        "issued_on": frozen["issued_on"],
        "valid_from": frozen["valid_from"],
        "valid_until": frozen["valid_until"],
        "holders": [
            {
                "name": holder["name"],
                "type": holder["type"],
                "number": vault.decrypt(holder["number"]) if holder["number"] else "",
            }
            for holder in frozen["holders"]
        ],
        "state": licence.state,
        "version": version.no,
        "origin": licence.origin,
    }


def post_happenings(happenings: Sequence[Happening]) -> None:
    """Posts messages in the caller's transaction; the dispatcher is rung after commit."""
    post_many(happenings)
