"""Registering a seal that has been made: bound to its certificate, checked before it counts.

Applications, review and making come with the seals issue (S.5-S.7); until then a seal and its
certificate are taken over as files.
"""

from audit.trail.recording import acting
from seals.crypto.certificates import BadCertificate, CertificateFacts, read_certificate
from seals.crypto.seal_structure import BadStructure, parse_seal
from seals.crypto.seal_structure import Seal as ReadSeal
from seals.models import Certificate, Seal
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


def register_seal(
    *, actor: Actor, department: Department, kind: str, structure: bytes, certificate: bytes
) -> Seal:
    """Enters a made seal with the certificate it is bound to; the same seal is kept once.

    The certificate must name the department, must be the one the seal lists, and both must be
    valid for the same time. Article: S.6, S.7, S.8.
    """
    with acting(actor, Action.SEAL_REGISTERED) as act:
        permit(actor, Capability.KEEP_SEALS, department.pk)
        seal, facts = _checked(department, structure, certificate)
        known = Seal.objects.filter(number=seal.seal_id).first()
        if known is not None:
            act.set_subject(known.subject)
            return known
        bound, _ = Certificate.objects.get_or_create(
            authority_name=facts.issuer,
            serial=str(facts.serial),
            defaults={
                "department": department,
                "subject_name": facts.subject,
                "valid_from": facts.not_before,
                "valid_until": facts.not_after,
                "der": certificate,
            },
        )
        row = Seal.objects.create(
            department=department,
            kind=kind,
            name=seal.property.name,
            number=seal.seal_id,
            certificate=bound,
            valid_from=seal.property.valid_from,
            valid_until=seal.property.valid_until,
            structure=structure,
            impression_digest=files.store(seal.picture.data),
            width_mm=seal.picture.width,
            height_mm=seal.picture.height,
            state_since=clock.now(),
        )
        act.set_subject(row.subject)
        act.note("certificate", bound.serial)
    return row


def _checked(
    department: Department, structure: bytes, certificate: bytes
) -> tuple[ReadSeal, CertificateFacts]:
    """Seal and certificate, read and found to belong together and to the department (S.6-S.8)."""
    try:
        seal = parse_seal(structure)
        facts = read_certificate(certificate)
    except (BadStructure, BadCertificate) as error:
        raise RuleBroken("S.7", "印章文件或证书读不出来，不能登记。请重新导入。") from error
    if department.name not in {facts.organisation, facts.subject}:
        raise RuleBroken("S.7", f"证书主体与“{department.name}”不一致，不能登记。")
    if certificate not in seal.property.certificates:
        raise RuleBroken("S.6", "印章绑定的不是这张证书，不能登记。")
    property_ = seal.property
    if (property_.valid_from, property_.valid_until) != (facts.not_before, facts.not_after):
        raise RuleBroken("S.8", "印章有效期与证书有效期不一致，不能登记。")
    return seal, facts
