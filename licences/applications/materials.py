"""What an applicant brings, and what stands in its place: a licence of the register, a reason.

Nothing is handed in for review without its materials (M.6, M.7); what the register has is not
asked for (M.15, P.2.3.2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from audit.trail.recording import acting
from licences.applications.common import applications
from licences.lifecycle import APPLICATION
from licences.materials import Material, materials_of
from licences.models import (
    Application,
    Attachment,
    CatalogueEntry,
    Licence,
    LicenceHolder,
    Substitute,
)
from licences.register.selectors import in_force
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import Fault, FaultKind, FormFault


@dataclass(frozen=True)
class MaterialState:
    """One material of an application: what was brought, or what stands in its place."""

    material: Material
    files: Sequence[Attachment]
    substitute: Substitute | None

    @property
    def licence(self) -> Licence | None:
        """The licence of the register that stands in its place."""
        return self.substitute.licence if self.substitute else None

    @property
    def reason(self) -> str:
        """Why it is not there."""
        return self.substitute.reason if self.substitute else ""

    @property
    def is_met(self) -> bool:
        """Whether it is there, or something in its place."""
        return bool(self.files) or self.substitute is not None


@dataclass(frozen=True)
class InPlace:
    """What a clerk states in the place of a material: a licence by its UUID, or a reason."""

    licence: str = ""
    reason: str = ""


def field_of(material: Material) -> str:
    """The name of a material's field in a form, and of its faults."""
    return f"material-{material.key}"


def states_of(application: Application) -> list[MaterialState]:
    """The materials of an application's kind, and how each stands.

    Two queries, or none where `attachments` and `substitutes` were prefetched or the kind asks
    for nothing.
    """
    materials = materials_of(application.entry.materials)
    if not materials:
        return []
    known = getattr(application, "_prefetched_objects_cache", {})
    rows = application.substitutes.all()
    if "substitutes" not in known:
        rows = rows.select_related("licence__issuing_department")
    substitutes = {row.material_key: row for row in rows}
    files: dict[str, list[Attachment]] = {}
    for one in sorted(application.attachments.all(), key=lambda one: (one.attached_at, one.pk)):
        files.setdefault(one.material_key, []).append(one)
    return [
        MaterialState(one, files.get(one.key, ()), substitutes.get(one.key)) for one in materials
    ]


def material_faults(application: Application, *, with_licences: bool = True) -> list[Fault]:
    """A fault a required material that is not there, and a licence that has ended meanwhile.

    A list leaves the licences out: that takes a query an application.
    """
    states = states_of(application)
    used = [one.licence.pk for one in states if one.licence is not None]
    ended: set[int] = set()
    if used and with_licences:
        current = in_force(Licence.objects.filter(pk__in=used), clock.today())
        ended = set(used) - set(current.values_list("pk", flat=True))
    faults = []
    for one in states:
        field, name = field_of(one.material), one.material.name
        if one.material.required and not one.is_met:
            sentence = f"还没有交“{name}”。请上传，或写明没有的理由"
            faults.append(Fault(field, FaultKind.MISSING, sentence))
        elif one.licence is not None and one.licence.pk in ended and not one.files:
            licence = one.licence
            sentence = (
                f"代替“{name}”的{licence.kind_name} {licence.number} 现在不在有效期内"
                f"（{licence.get_state_display()}）。请改用材料，或写明理由"
            )
            faults.append(Fault(field, FaultKind.CONTRADICTS, sentence))
    return faults


def licences_in_place(
    entry: CatalogueEntry, holders: Sequence[Holder]
) -> Mapping[str, list[Licence]]:
    """By material the holders' own current licences that may stand in its place: one query."""
    wanted = {one.key: one.instead for one in materials_of(entry.materials) if one.instead}
    if not wanted or not holders:
        return {}
    found: dict[str, list[Licence]] = {}
    for licence in _own_current(holders, wanted.values()):
        found.setdefault(licence.type_code, []).append(licence)
    return {key: found[code] for key, code in wanted.items() if code in found}


def put_in_place(application: Application, holders: Sequence[Holder], account_id: int) -> list[str]:
    """Puts a licence that the register has in the place of its material, at reception.

    Gives the names of those materials. Inside the caller's transaction.
    """
    names = {one.key: one.name for one in materials_of(application.entry.materials)}
    found = licences_in_place(application.entry, holders)
    Substitute.objects.bulk_create(
        Substitute(
            application=application,
            material_key=key,
            licence=licences[0],
            noted_by_id=account_id,
            noted_at=clock.now(),
        )
        for key, licences in found.items()
    )
    return [names[key] for key in found]


def note_materials(
    *, actor: Actor, application: Application, in_place: Mapping[str, InPlace]
) -> Application:
    """Writes down what stands in the place of materials, by material key; empty takes it away.

    A licence must be a current one of the application's own holders, of the kind that the
    catalogue names; raises RuleBroken else. Article: M.7, M.15.
    """
    with acting(actor, Action.MATERIALS_NOTED, application.subject) as act:
        permit(actor, Capability.CAPTURE_VALUES, application.issuing_department_id)
        row = lock(applications(), pk=application.pk)
        APPLICATION.move(row.state, "mend" if row.state == "RETURNED" else "capture")
        account_id = account_of(actor)
        told = []
        offered = licences_in_place(row.entry, row.holders)
        for state in states_of(row):
            stated = in_place.get(state.material.key)
            if stated is None or not differs(state, stated):
                continue
            licence = _chosen(state, stated, offered.get(state.material.key, ()))
            _write(row, state, licence, stated.reason.strip()[:200], account_id)
            told.append(_in_words(state.material, licence, stated.reason))
        act.note("materials", told)
        row.revision += 1
        row.capturers = sorted({*row.capturers, account_id})
        row.save(update_fields=["revision", "capturers"])
    return row


def differs(state: MaterialState, stated: InPlace) -> bool:
    """Whether something else is stated than what stands there."""
    licence = str(state.licence.uuid) if state.licence else ""
    return (licence, state.reason) != (stated.licence, stated.reason.strip()[:200])


def _own_current(holders: Sequence[Holder], codes: Iterable[str]) -> QuerySet[Licence]:
    known = [one.same_as_id or one.pk for one in holders] + [one.pk for one in holders]
    links = LicenceHolder.objects.filter(holder_id__in=known, licence=OuterRef("pk"))
    rows = Licence.objects.filter(Exists(links), type_code__in=set(codes))
    found = in_force(rows, clock.today()).select_related("issuing_department")
    return found.order_by("-issued_on", "-pk")


def _chosen(state: MaterialState, stated: InPlace, offered: Sequence[Licence]) -> Licence | None:
    if not stated.licence:
        return None
    if state.licence is not None and str(state.licence.uuid) == stated.licence:
        return state.licence
    found = next((one for one in offered if str(one.uuid) == stated.licence), None)
    if found is None:
        sentence = f"“{state.material.name}”只能用持证人自己的、现在有效的证照代替。请重新选"
        raise FormFault("M.15", f"{sentence}。", fields={field_of(state.material): sentence})
    return found


def _write(
    row: Application, state: MaterialState, licence: Licence | None, reason: str, account_id: int
) -> None:
    if licence is None and not reason:
        row.substitutes.filter(material_key=state.material.key).delete()
        return
    row.substitutes.update_or_create(
        material_key=state.material.key,
        defaults={
            "licence": licence,
            "reason": reason,
            "noted_by_id": account_id,
            "noted_at": clock.now(),
        },
    )


def _in_words(material: Material, licence: Licence | None, reason: str) -> str:
    """For the trail: the reason itself may name somebody and stays in the application (M.26)."""
    if licence is not None:
        return f"{material.name}：用{licence.kind_name}代替（{licence.identifier}）"
    return f"{material.name}：{'写明没有的理由' if reason.strip() else '取消代替'}"
