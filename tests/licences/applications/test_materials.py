"""Materials: nothing is handed in without them, a reason or a licence in their place (M.6, M.7)."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from licences.applications import capturing, receiving, reviewing
from licences.applications.completeness import faults_of
from licences.applications.materials import InPlace, note_materials, states_of
from licences.models import Application, Licence, Substitute
from tests.cast import Cast
from tests.factories.catalogue import entry_of
from tests.factories.licences import WATER_VALUES, Applications
from tests.factories.parties import HolderFactory, credit_code
from tests.factories.seals import seal_of
from tests.licences.applications.test_prefilling import BUSINESS
from tests.licences.register.making import entered, produced
from tests.records import records
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken, by_field

pytestmark = pytest.mark.usefixtures("wednesday")
PDF = b"%PDF-1.7 a form"
MATERIALS = [
    {"key": "form", "name": "取水许可申请书"},
    {"key": "licence", "name": "营业执照", "instead": "11100000MB0143028R001"},
    {"key": "note", "name": "利害关系说明", "required": False},
]
REASON = "业务系统里已经收过"


@pytest.fixture
def asking(cast: Cast) -> Applications:
    """The water permit asks for a form and a business licence."""
    applications = Applications(cast)
    applications.entry.materials = MATERIALS
    applications.entry.save(update_fields=["materials"])
    return applications


def business_licence(cast, holder: Holder) -> Licence:
    """The holder's business licence, sealed and in force, issued by another office."""
    if not cast.land.seals.exists():
        seal_of(cast.land)
    known = cast.land.catalogue_entries.filter(name="营业执照").first()
    entry = known or entry_of("营业执照", cast.land)
    code = holder.identity_number
    who = WATER_VALUES["legal_representative"]
    named = {"holder_name": holder.name, "credit_code": code, "legal_representative": who}
    values = {**BUSINESS, **named}
    made = entered(cast, entry, "land", values, holders=[holder], number=code, valid_until=None)
    return produced(made)


def noted(asking: Applications, row: Application, **in_place: InPlace) -> Application:
    return note_materials(actor=asking.actor("clerk"), application=row, in_place=in_place)


def attached(asking: Applications, row: Application, key: str = "form") -> None:
    capturing.attach(
        actor=asking.actor("clerk"), application=row, title="", file_name="申请书.pdf", data=PDF,
        material_key=key,
    )  # fmt: skip


def submitted(asking: Applications, row: Application) -> Application:
    row = Application.objects.get(pk=row.pk)
    return receiving.submit(actor=asking.actor("clerk"), application=row, revision=row.revision)


@pytest.mark.article("M.7")
def test_submit_when_materials_are_missing_then_each_named_at_its_field(asking) -> None:
    row = asking.captured()
    with pytest.raises(RuleBroken) as refusal:
        submitted(asking, row)
    assert refusal.value.fields == {
        "material-form": "还没有交“取水许可申请书”。请上传，或写明没有的理由",
        "material-licence": "还没有交“营业执照”。请上传，或写明没有的理由",
    }
    assert all(fault.is_missing for fault in faults_of(row))


@pytest.mark.article("M.7")
def test_submit_when_a_file_and_a_reason_are_there_then_handed_in_and_on_the_trail(asking) -> None:
    row = asking.captured()
    attached(asking, row)
    noted(asking, row, licence=InPlace(reason=REASON))
    assert submitted(asking, row).state == "UNDER_REVIEW"
    assert records("file_attached")[-1].facts["materials"] == ["取水许可申请书"]
    told = records("materials_noted")[-1].facts
    assert told == {"materials": ["营业执照：写明没有的理由"]}
    assert row.attachments.get().title == "取水许可申请书"


@pytest.mark.article("M.15")
def test_receive_when_the_register_has_the_licence_then_nothing_is_asked_for(asking, cast) -> None:
    holder = HolderFactory(enterprise=True)
    licence = business_licence(cast, holder)
    row = asking.captured(asking.received(holders=[holder]))
    substitute = row.substitutes.get()
    assert (substitute.material_key, substitute.licence, substitute.reason) == (
        "licence", licence, "",
    )  # fmt: skip
    assert records("application_received")[-1].facts["materials"] == [
        "营业执照：用证照库里的证照代替"
    ]
    assert list(by_field(faults_of(row))) == ["material-form"]
    attached(asking, row)
    row = submitted(asking, row)
    licence.state = "CANCELLED"
    licence.save(update_fields=["state"])
    told = by_field(faults_of(row))
    assert list(told) == ["material-licence"]
    assert "现在不在有效期内（已注销）" in told["material-licence"]
    with pytest.raises(RuleBroken, match="还有缺项或错项"):
        reviewing.approve(actor=asking.actor("reviewer"), application=row, revision=row.revision)


@pytest.mark.article("M.15")
def test_substitute_when_it_is_a_strangers_or_of_another_kind_then_refused(asking, cast) -> None:
    strangers = business_licence(
        cast, HolderFactory(enterprise=True, identity_number=credit_code(9))
    )
    row = asking.captured()
    with pytest.raises(RuleBroken) as refusal:
        noted(asking, row, licence=InPlace(licence=str(strangers.uuid)))
    assert list(refusal.value.fields) == ["material-licence"]
    assert refusal.value.article == "M.15"
    own = business_licence(cast, row.holders[0])
    for key, licence in (("form", own.uuid), ("licence", uuid4())):
        with pytest.raises(RuleBroken, match="只能用持证人自己的"):
            noted(asking, row, **{key: InPlace(licence=str(licence))})
    noted(asking, row, licence=InPlace(licence=str(own.uuid)))
    told = records("materials_noted")[-1].facts["materials"]
    assert told == [f"营业执照：用营业执照代替（{own.identifier}）"]
    noted(asking, row, licence=InPlace())
    assert not Substitute.objects.exists()
    assert records("materials_noted")[-1].facts["materials"] == ["营业执照：取消代替"]


def test_materials_when_a_neighbours_clerk_states_them_then_not_permitted(asking, cast) -> None:
    row = asking.captured()
    with pytest.raises(NotPermitted):
        note_materials(
            actor=cast.actor("land.clerk"), application=row,
            in_place={"form": InPlace(reason=REASON)},
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        capturing.attach(
            actor=cast.actor("land.clerk"), application=row, title="", file_name="a.pdf",
            data=PDF, material_key="form",
        )  # fmt: skip
    client = cast.client("land.clerk")
    assert client.post(reverse("licences:capture", args=[row.uuid])).status_code == 404
    assert not Substitute.objects.exists()


def test_attach_when_the_kind_does_not_ask_for_it_then_refused(asking) -> None:
    with pytest.raises(RuleBroken, match="不要这份材料"):
        attached(asking, asking.captured(), "another")


@pytest.mark.article("M.7")
def test_pages_when_materials_are_stated_then_kept_shown_and_seen_by_the_reviewer(
    asking, cast
) -> None:
    row = asking.captured()
    licence = business_licence(cast, row.holders[0])
    clerk, address = cast.client("market.clerk"), reverse("licences:capture", args=[row.uuid])
    sent = {
        "revision": Application.objects.get().revision, "touched": "no", "act": "submit",
        "holder_name": row.holders[0].name, "credit_code": row.holders[0].identity_number,
        **WATER_VALUES, "reason-form": "", "instead-licence": "", "reason-licence": "",
        "reason-note": "",
    }  # fmt: skip
    page = clerk.post(address, sent)
    assert page.status_code == 422
    assert "还没有交“取水许可申请书”。请上传，或写明没有的理由" in page.content.decode()
    assert not Substitute.objects.exists()
    fresh = Application.objects.get().revision
    strange = {**sent, "revision": fresh, "instead-licence": str(uuid4()), "act": "save"}
    assert "只能用持证人自己的" in clerk.post(address, strange).content.decode()
    form = SimpleUploadedFile("申请书.pdf", PDF, content_type="application/pdf")
    fresh = Application.objects.get().revision
    answer = clerk.post(
        address,
        {**sent, "revision": fresh, "instead-licence": str(licence.uuid), "material-form": form},
    )
    assert answer.status_code == 302, answer.content.decode()
    assert Application.objects.get().state == "UNDER_REVIEW"
    for part, name in (("reviewer", "review"), ("clerk", "application")):
        text = (
            cast.client(f"market.{part}")
            .get(reverse(f"licences:{name}", args=[row.uuid]))
            .content.decode()
        )
        assert "申请书.pdf" in text
        assert "用证照库里的营业执照" in text
    assert [one.is_met for one in states_of(Application.objects.get())] == [True, True, False]


@pytest.mark.article("M.3")
def test_erasure_when_it_touches_a_secret_then_reasons_go_too(asking) -> None:
    row = noted(asking, asking.captured(), form=InPlace(reason=REASON))
    receiving.declare_secret(actor=asking.actor("clerk"), application=row)
    assert not Substitute.objects.exists()
