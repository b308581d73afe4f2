"""Taking in values and documents; a draft keeps what was typed, right or wrong (M.7)."""

from collections.abc import Mapping
from datetime import date

from audit.trail.recording import acting
from licences import data_items, roles, values
from licences.applications.attachments import let_go
from licences.applications.common import applications, check_revision
from licences.applications.photo_rules import photo_fault
from licences.applications.prefilling import FROM_HOLDER, parties_of
from licences.lifecycle import APPLICATION
from licences.materials import materials_of
from licences.models import Application, Attachment
from licences.terms import DAYS, is_offline, without_repetition
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.wake import afterwards
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation import limits
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken


def capture(
    *,
    actor: Actor,
    application: Application,
    revision: int,
    typed: Mapping[str, str],
    licence_number: str,
    valid_from: date | None,
    valid_until: date | None,
    is_long_term: bool,
    drafted: Mapping[str, str] | None = None,
    term_reason: str = "",
    paper_issued_on: date | None = None,
) -> Application:
    """Saves what was typed as a draft and notes where each changed value came from.

    Sound values are normalised, faulty ones are kept as typed, so that nothing is lost;
    `licences.applications.completeness.faults_of` says what is wrong with them. `typed` holds the
    items of the form only; `drafted` the words typed for days that are none. Days that only
    repeat the kind's rule are left to be counted at sign-off. Article: M.7.
    """
    with acting(actor, Action.VALUES_CAPTURED, application.subject) as act:
        permit(actor, Capability.CAPTURE_VALUES, application.issuing_department_id)
        row = lock(applications(), pk=application.pk)
        verb = "mend" if row.state == "RETURNED" else "capture"
        target = APPLICATION.move(row.state, verb)
        check_revision(row, revision)
        account_id = account_of(actor)
        changed = take_over(
            row,
            by=account_id,
            typed=typed,
            licence_number=licence_number,
            valid_from=valid_from,
            valid_until=valid_until,
            is_long_term=is_long_term,
            drafted=drafted,
            term_reason=term_reason,
            paper_issued_on=paper_issued_on,
        )
        act.fact("state", row.state, target)
        act.note("changed", changed)
        row.state = target
        row.captured_by_id = account_id
        row.in_hand_of_id = account_id
        row.capturers = sorted({*row.capturers, account_id})
        row.revision += 1
        row.save()
    return row


def take_over(
    row: Application,
    *,
    by: int,
    typed: Mapping[str, str],
    licence_number: str,
    valid_from: date | None,
    valid_until: date | None,
    is_long_term: bool,
    drafted: Mapping[str, str] | None = None,
    term_reason: str = "",
    paper_issued_on: date | None = None,
) -> list[str]:
    """Puts what was typed into an application that is not saved; gives the items that changed.

    `by` is the account of whoever typed it.
    """
    changed = [*_put_all(row, typed, by), *_fill_from_holders(row)]
    for name in DAYS:
        row.values = values.keep_draft(row.values, name, (drafted or {}).get(name, "")[:40])
    row.licence_number = licence_number.strip()[:100]
    row.is_long_term = is_long_term
    row.paper_issued_on = paper_issued_on if is_offline(row) else None
    row.valid_from, row.valid_until = without_repetition(
        row, valid_from, valid_until, clock.today()
    )
    row.term_reason = term_reason.strip()[:200]
    return changed


def _put_all(row: Application, typed: Mapping[str, str], by: int) -> list[str]:
    changed = []
    for item in data_items.items_of(row.entry.items):
        if item.key not in typed or item.kind == "image":
            continue
        try:
            text = data_items.clean(item, typed[item.key])
        except data_items.ItemFault:
            text = typed[item.key].strip()[:4000]
        row.values, did = values.put(row.values, item, text, values.TYPED, by=by)
        if did:
            changed.append(item.key)
    return changed


def _fill_from_holders(row: Application) -> list[str]:
    """What is required, left empty and known of the holders is taken from them (M.17)."""
    items = data_items.items_of(row.entry.items)
    empty = [one for one in items if one.required and not values.read(row.values, one.key)]
    parties = parties_of(empty, row.holders, with_register=False) if empty else []
    known = roles.known_of(empty, parties)
    for item in empty:
        row.values, _ = values.put(row.values, item, known.get(item.key, ""), FROM_HOLDER)
    return list(known)


def attach(
    *,
    actor: Actor,
    application: Application,
    title: str,
    file_name: str,
    data: bytes,
    item_key: str = "",
    material_key: str = "",
) -> Attachment:
    """Keeps a document (PDF, JPEG, PNG) with the application; a photo is its data item's value.

    `material_key` names the material of the kind that the document is. What a file is is read
    from its bytes, never from its name. Article: M.7.
    """
    with acting(actor, Action.FILE_ATTACHED, application.subject) as act:
        permit(actor, Capability.CAPTURE_VALUES, application.issuing_department_id)
        media_type = _media_type(file_name, data)
        row = lock(applications(), pk=application.pk)
        APPLICATION.move(row.state, "mend" if row.state == "RETURNED" else "capture")
        photo = _photo_item(row, item_key, data, media_type)
        material = _material(row, material_key)
        digest = files.store(data)
        if photo is not None:
            _put_photo(row, photo, digest, by=account_of(actor))
        attachment, _ = Attachment.objects.get_or_create(
            application=row,
            digest=digest,
            item_key=item_key,
            material_key=material_key,
            defaults={
                "title": (title.strip() or material or file_name)[:120],
                "file_name": file_name[:200],
                "media_type": media_type,
                "size": len(data),
                "attached_by_id": account_of(actor),
                "attached_at": clock.now(),
            },
        )
        if row.state == "RECEIVED":
            act.fact("state", row.state, "CAPTURING")
            row.state = "CAPTURING"
        row.revision += 1
        row.capturers = sorted({*row.capturers, account_of(actor)})
        row.save(update_fields=["values", "revision", "state", "capturers"])
        act.note("file", digest)
        # the title is typed and the file's name is the applicant's: either may name a person
        act.note("item", photo.key if photo else "")
        act.note("materials", [material] if material else [])
    return attachment


def _put_photo(row: Application, photo: data_items.DataItem, digest: str, *, by: int) -> None:
    """Makes a file the value of its item; the one that it replaces goes."""
    replaced = row.attachments.filter(item_key=photo.key).exclude(digest=digest)
    _let_go_after_commit(list(replaced.values_list("digest", flat=True)))
    replaced.delete()
    row.values, _ = values.put(row.values, photo, digest, values.TYPED, by=by)


def _material(row: Application, key: str) -> str:
    """The name of the material that a document is; empty for any other document."""
    if not key:
        return ""
    found = next((one for one in materials_of(row.entry.materials) if one.key == key), None)
    if found is None:
        raise RuleBroken("M.7", "这种证照不要这份材料。请刷新后再传。")
    return found.name


def _photo_item(
    row: Application, item_key: str, data: bytes, media_type: str
) -> data_items.DataItem | None:
    """The photo item that a file is for; None for any other document."""
    if not item_key:
        return None
    items = data_items.items_of(row.entry.items)
    photo = next((one for one in items if one.key == item_key and one.kind == "image"), None)
    if photo is None:
        raise RuleBroken("M.7", "这种证照没有这一项照片。")
    fault = photo_fault(data, media_type)
    if fault:
        raise FormFault("M.7", fault, fields={item_key: fault})
    return photo


def remove_attachment(*, actor: Actor, application: Application, attachment: Attachment) -> None:
    """Takes a document out of an application that is still being captured. Article: M.7."""
    with acting(actor, Action.FILE_REMOVED, application.subject) as act:
        permit(actor, Capability.CAPTURE_VALUES, application.issuing_department_id)
        row = lock(applications(), pk=application.pk)
        APPLICATION.move(row.state, "mend" if row.state == "RETURNED" else "capture")
        if attachment.item_key:
            row.values = {k: v for k, v in row.values.items() if k != attachment.item_key}
        row.attachments.filter(pk=attachment.pk).delete()
        row.revision += 1
        row.capturers = sorted({*row.capturers, account_of(actor)})
        row.save(update_fields=["values", "revision", "capturers"])
        _let_go_after_commit([attachment.digest])
        act.note("file", attachment.digest)


def _let_go_after_commit(digests: list[str]) -> None:
    """What was taken out or replaced goes from the disk too, once that is certain (M.26)."""
    afterwards(lambda: let_go(digests))


def _media_type(file_name: str, data: bytes) -> str:
    if not data:
        raise RuleBroken("M.7", f"“{file_name}”是空的。请重新选择文件。")
    if len(data) > limits.ATTACHMENT_BYTES:
        most = limits.ATTACHMENT_BYTES // 1024 // 1024
        raise RuleBroken("M.7", f"“{file_name}”超过 {most} MB。请压缩后再传。")
    if found := files.document_type(data):
        return found
    raise RuleBroken("M.7", f"“{file_name}”不是 PDF、JPG 或 PNG。请转成其中一种再传。")
