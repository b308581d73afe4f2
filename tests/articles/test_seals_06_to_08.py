"""S.6–S.8, S.14: a seal fits its certificate and department; custody is a posting of its own."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from seals.crypto.certificates import from_pem, read_certificate
from seals.crypto.key_store import department_folder, read_seal
from seals.crypto.seal_building import build_seal
from seals.crypto.seal_structure import parse_seal
from seals.custody.registering import register_seal
from seals.models import Seal, SealKind
from tests.factories.seals import authority, equip
from tests.records import records
from zezhou_portal.parties.staff.rules import check_role_fits
from zezhou_portal.regulation import limits
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken


def made(department) -> tuple[bytes, bytes]:
    """A department's seal and the certificate it is bound to, as they are taken over."""
    equip(department)
    folder = Path(settings.PORTAL_KEYS)
    pem = department_folder(folder, department.credit_code) / "certificate.pem"
    return read_seal(folder, department.credit_code), from_pem(pem.read_bytes())


def register(cast, structure: bytes, certificate: bytes) -> Seal:
    """Registers a seal for the market office by its custodian."""
    return register_seal(
        actor=cast.actor("market.custodian"),
        department=cast.market,
        kind=SealKind.OFFICIAL_NAME.value,
        structure=structure,
        certificate=certificate,
    )


@pytest.mark.article("S.8")
def test_seal_when_registered_then_valid_as_long_as_its_certificate(cast) -> None:
    structure, certificate = made(cast.market)
    seal = register(cast, structure, certificate)
    facts = read_certificate(certificate)
    assert (seal.valid_from, seal.valid_until) == (facts.not_before, facts.not_after)
    assert register(cast, structure, certificate) == seal
    assert [row.outcome for row in records("seal_registered")] == ["done", "done"]
    assert timedelta(days=30) == limits.SEAL_RENEWAL_WINDOW


@pytest.mark.article("S.8")
def test_seal_when_it_would_outlive_its_certificate_then_refused(cast) -> None:
    structure, certificate = made(cast.market)
    told = parse_seal(structure)
    longer = build_seal(
        seal_id="LONGER",
        vendor="ZZXSYQ",
        name=told.property.name,
        certificates=[certificate],
        picture=told.picture,
        created_at=told.property.valid_from,
        valid_from=told.property.valid_from,
        valid_until=told.property.valid_until + timedelta(days=1),
        maker=authority(Path(settings.PORTAL_KEYS)).maker,
    )
    with pytest.raises(RuleBroken) as refusal:
        register(cast, longer, certificate)
    assert refusal.value.article == "S.8"
    assert Seal.objects.count() == 0


@pytest.mark.article("S.7")
def test_seal_when_its_certificate_names_another_department_then_refused(cast) -> None:
    with pytest.raises(RuleBroken) as refusal:
        register(cast, *made(cast.land))
    assert refusal.value.article == "S.7"
    assert refusal.value.reason == "证书主体与“泽州县市场监督管理局”不一致，不能登记。"


@pytest.mark.article("S.7")
def test_seal_when_unreadable_then_refused(cast) -> None:
    structure, certificate = made(cast.market)
    with pytest.raises(RuleBroken) as refusal:
        register(cast, structure[:-1], certificate)
    assert refusal.value.reason == "印章文件或证书读不出来，不能登记。请重新导入。"


@pytest.mark.article("S.6")
def test_seal_when_bound_to_another_certificate_then_refused(cast) -> None:
    structure, _ = made(cast.land)
    _, certificate = made(cast.market)
    with pytest.raises(RuleBroken) as refusal:
        register(cast, structure, certificate)
    assert refusal.value.article == "S.6"
    assert refusal.value.reason == "印章绑定的不是这张证书，不能登记。"


@pytest.mark.article("S.14")
def test_custody_when_the_department_uses_no_seals_then_no_such_posting(cast) -> None:
    with pytest.raises(RuleBroken) as refusal:
        check_role_fits("seal_custodian", ["using"])
    assert refusal.value.article == "S.14"
    structure, certificate = made(cast.market)
    with pytest.raises(NotPermitted):
        register_seal(
            actor=cast.actor("market.signatory"),
            department=cast.market,
            kind=SealKind.OFFICIAL_NAME.value,
            structure=structure,
            certificate=certificate,
        )
