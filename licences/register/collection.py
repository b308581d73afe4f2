"""What the city is sent of a licence, and when: in the transaction of the act itself (M.8, M.9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from licences.models import CatalogueEntry, Licence, LicenceOrigin, LicenceVersion
from licences.production.face_input import metadata_of
from licences.production.face_rules import Metadata
from licences.register.holder_numbers import Holders, holders_without_number, told
from zezhou_portal.exchange.selectors import next_versions
from zezhou_portal.exchange.services.posting import NewMessage, post_many
from zezhou_portal.exchange.topics import BY_VERB
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.models import Department


@dataclass(frozen=True)
class Issued:
    """What a licence came into force with: its version, that one's file and metadata."""

    version: LicenceVersion
    digest: str
    metadata: Metadata


def post_issued(rows: Sequence[Licence], issued: Mapping[int, Issued]) -> None:
    """Posts that licences have come into force, each with its file.

    `issued` is by the licence's row id; the rows are of one transaction.
    Article: M.8, M.9, M.10.
    """
    order = next_versions([row.subject for row in rows])
    holders = holders_without_number(issued[row.pk].version for row in rows)
    for (department, origin), group in _grouped(rows).items():
        topic = "stock_licence" if origin == LicenceOrigin.STOCK else "licence_issued"
        letters = [
            NewMessage(
                row.subject,
                order[str(row.uuid)],
                _content(row, issued[row.pk].version, issued[row.pk].metadata, holders),
                issued[row.pk].digest,
            )
            for row in group
        ]
        post_many(topic, department, letters)


def post_replaced(rows: Sequence[Licence], issued: Mapping[int, Issued]) -> None:
    """Posts that later versions took the place of earlier ones, each with its new file.

    Article: M.8.
    """
    order = next_versions([row.subject for row in rows])
    holders = holders_without_number(issued[row.pk].version for row in rows)
    for row in rows:
        one = issued[row.pk]
        topic = BY_VERB[one.version.frozen["verb"]].code
        content = _content(row, one.version, one.metadata, holders)
        letter = NewMessage(row.subject, order[str(row.uuid)], content, one.digest)
        post_many(topic, row.issuing_department, [letter])


def post_state(verb: str, rows: Sequence[Licence], versions: Mapping[int, LicenceVersion]) -> None:
    """Posts that a verb of the state table changed licences; each verb has its own message.

    Article: M.8.
    """
    order = next_versions([row.subject for row in rows])
    for (department, _), group in _grouped(rows).items():
        letters = [
            NewMessage(row.subject, order[str(row.uuid)], content_of(row, versions[row.pk]))
            for row in group
        ]
        post_many(BY_VERB[verb].code, department, letters)


def _grouped(rows: Sequence[Licence]) -> dict[tuple[Department, str], list[Licence]]:
    groups: dict[tuple[Department, str], list[Licence]] = {}
    for row in rows:
        groups.setdefault((row.issuing_department, row.origin), []).append(row)
    return groups


def content_of(licence: Licence, version: LicenceVersion) -> dict[str, Any]:
    """What the city is told of a licence: the metadata its file carries, and its state.

    Source: GB/T 36903.
    """
    metadata = metadata_of(version, licence.entry)
    return _content(licence, version, metadata, holders_without_number([version]))


def content_now(key: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a refused message of a licence would say today: of the same version and happening.

    `key` is the licence's, whose row is locked for the message that is posted next.
    """
    licence = lock(Licence.objects.all(), uuid=key)
    version = LicenceVersion.objects.get(licence=licence, no=said["version"])
    entry = CatalogueEntry.objects.get(uuid=version.frozen["entry"])
    metadata = metadata_of(version, entry)
    present = _content(licence, version, metadata, holders_without_number([version]))
    kept = {name: value for name, value in said.items() if name not in {"metadata", "absent"}}
    return {**present, **kept}


def _content(
    licence: Licence, version: LicenceVersion, metadata: Metadata, holders: Holders
) -> dict[str, Any]:
    metadata, absent = told(version, metadata, holders)
    return {
        "metadata": metadata,
        "state": licence.state,
        "version": version.no,
        "origin": licence.origin,
        **({"absent": absent} if absent else {}),
    }
