"""Purpose-marked copies: made, taken, read back, ended (P.2.3.4, S.10)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from audit.trail.selectors import of_subject
from licences.models import Licence, LicenceFile
from licences.production.rendering import entry_of, marked_copy_of
from tests.factories.parties import citizen_id
from tests.holders import holder_actor, holder_client
from tests.usage.sealed import file_of
from tests.usage.wallet.paper import code_of, text_of
from tests.usage.wallet.scene import Hands, in_days, person
from usage.models import PurposeCopy
from usage.verifying import codes, purpose_copies, services
from usage.verifying.outcomes import Outcome
from usage.wallet import copies
from zezhou_portal.kernel import files
from zezhou_portal.kernel.actors import public
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import RuleBroken


@pytest.fixture
def owner(db: None) -> Holder:
    return person("谢洋")


@pytest.fixture
def licence(wednesday: time_machine.Traveller, hands: Hands, owner: Holder) -> Licence:
    return hands.licence(owner)


def make(owner: Holder, licence: Licence, purpose: str = "租房", days: int = 30) -> PurposeCopy:
    return copies.make(
        actor=holder_actor(owner), licence=licence, purpose=purpose, expires_on=in_days(days)
    )


@pytest.mark.article("S.10")
def test_copy_when_taken_then_paper_says_purpose_and_its_code_leads_to_it(
    owner: Holder, licence: Licence, settings: Any
) -> None:
    settings.PORTAL_ADDRESS = "https://zz.example"
    client = holder_client(owner)
    made = client.post(
        f"/wallet/licences/{licence.uuid}/copies/",
        {"preset": "其他", "purpose": "孩子入学报名", "expires_on": "2026年12月31日"},
    )
    assert made["Location"] == f"/wallet/licences/{licence.uuid}/copies/"
    row = PurposeCopy.objects.get()
    assert "保存 PDF" in client.get(made["Location"]).content.decode()
    answer = client.post(f"/wallet/licences/{licence.uuid}/copies/{row.uuid}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    read = code_of(answer.content)
    assert read == f"HTTPS://ZZ.EXAMPLE/C/{row.code}"
    understood = codes.understand(read, settings.PORTAL_ADDRESS)
    assert (understood.kind, understood.first) == (codes.Kind.COPY, row.code)
    assert purpose_copies.words_of(row) == "仅限孩子入学报名使用 · 有效至2026年12月31日"
    assert "视同复印件" in text_of(answer.content)
    # for what and until when is text, not only a drawing across the face
    assert purpose_copies.words_of(row).replace(" ", "") in text_of(answer.content)
    reading = services.check_copy(actor=public("test"), code=row.code)
    assert reading.outcome is Outcome.VALID


@pytest.mark.article("S.10")
def test_copy_when_made_twice_then_two_codes_and_the_words_lie_across_the_face(
    owner: Holder, licence: Licence
) -> None:
    first, second = make(owner, licence), make(owner, licence)
    assert first.code != second.code
    version = first.version
    plain = marked_copy_of(version, entry_of(version), words="仅限甲使用", address="HTTPS://A/C/B")
    other = marked_copy_of(version, entry_of(version), words="仅限乙使用", address="HTTPS://A/C/B")
    assert plain != other
    assert plain == marked_copy_of(
        version, entry_of(version), words="仅限甲使用", address="HTTPS://A/C/B"
    )


@pytest.mark.article("P.2.3.4")
def test_copy_when_its_days_are_over_then_neither_taken_nor_read(
    owner: Holder, licence: Licence, wednesday: time_machine.Traveller
) -> None:
    row = make(owner, licence, days=0)
    assert copies.take(actor=holder_actor(owner), copy=row)
    wednesday.shift(timedelta(days=1))
    with pytest.raises(RuleBroken, match="已经过了用期"):
        copies.take(actor=holder_actor(owner), copy=row)
    reading = services.check_copy(actor=public("test"), code=row.code)
    assert reading.outcome is Outcome.COPY_EXPIRED
    page = holder_client(owner).get(f"/wallet/licences/{licence.uuid}/copies/").content.decode()
    assert "已过用期" in page
    assert "保存 PDF" not in page


@pytest.mark.article("P.2.3.4")
def test_copy_when_ended_then_its_code_says_so_and_it_ends_once(
    owner: Holder, licence: Licence
) -> None:
    row = make(owner, licence)
    client = holder_client(owner)
    path = f"/wallet/licences/{licence.uuid}/copies/{row.uuid}/end/"
    assert "不能撤回" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    again = client.post(path)
    assert again.status_code == 422
    assert "已经过了用期或者已经作废" in again.content.decode()
    reading = services.check_copy(actor=public("test"), code=row.code)
    assert (reading.outcome, reading.licences[0].disclosure) == (Outcome.COPY_EXPIRED, None)
    with pytest.raises(RuleBroken):
        copies.take(actor=holder_actor(owner), copy=PurposeCopy.objects.get())


@pytest.mark.article("S.10")
@pytest.mark.parametrize("how", ["CANCELLED", "DETAINED", "over"])
def test_copy_and_files_when_the_licence_is_not_in_force_then_refused(
    owner: Holder, licence: Licence, how: str
) -> None:
    row = make(owner, licence, days=0)
    if how == "over":
        licence.valid_from, licence.valid_until = None, in_days(-1)
    else:
        licence.state = how
    licence.save()
    client = holder_client(owner)
    base = f"/wallet/licences/{licence.uuid}/"
    for path in ("file/", "copy/", f"copies/{row.uuid}/"):
        answer = client.post(f"{base}{path}", follow=True)
        assert answer.redirect_chain, path
        assert "这份证照现在不是有效状态" in answer.content.decode()
    form = {"preset": "租房", "purpose": "", "expires_on": in_days(1).isoformat()}
    assert client.post(f"{base}copies/", form).status_code == 422
    assert PurposeCopy.objects.count() == 1
    page = client.get(base).content.decode()
    assert "OFD 原件" not in page


WRONG = (
    ({}, "还没有选用途"),
    ({"preset": "其他"}, "选了“其他”，请写明用途"),
    ({"preset": "其他", "purpose": "很" * 41}, "用途写明最多 40 个字"),
    ({"preset": "其他", "purpose": "抓🐎"}, "没有可用的字形，请换用规范汉字"),
    ({"preset": "租房", "expires_on": "2026-11-17"}, "用到的日子已经过了"),
    ({"preset": "租房", "expires_on": "2027-02-17"}, "最多用 90 天，最晚写 2027-02-16"),
    ({"preset": "租房", "expires_on": "明天"}, "日期写成 年-月-日"),
    ({"preset": "租房", "expires_on": ""}, "还没有填用到哪一天"),
)


def test_form_when_something_is_wrong_then_says_it_and_makes_nothing(
    owner: Holder, licence: Licence
) -> None:
    client = holder_client(owner)
    for given, said in WRONG:
        form = {"preset": "", "purpose": "", "expires_on": "2026-12-01", **given}
        answer = client.post(f"/wallet/licences/{licence.uuid}/copies/", form)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not PurposeCopy.objects.exists()


def test_form_when_the_licence_ends_sooner_then_so_does_the_copy(
    hands: Hands, owner: Holder
) -> None:
    licence = hands.licence(owner, valid_from=None, valid_until=in_days(10))
    make(owner, licence, days=10)
    with pytest.raises(RuleBroken, match="到期，用到的日子不能更晚"):
        make(owner, licence, days=11)


@pytest.mark.article("M.26")
def test_purpose_when_it_holds_somebodys_number_then_masked(
    owner: Holder, licence: Licence
) -> None:
    number = citizen_id(7)
    row = make(owner, licence, purpose=f"给 {number} 看")
    assert number not in row.purpose
    told = of_subject("licence", str(licence.uuid)).get(action="purpose_copy_made")
    assert number not in str(told.facts)


@pytest.mark.article("M.20")
def test_files_when_taken_then_as_stored_and_on_the_record(owner: Holder, licence: Licence) -> None:
    client = holder_client(owner)
    base = f"/wallet/licences/{licence.uuid}/"
    file, copy = client.post(f"{base}file/"), client.post(f"{base}copy/")
    assert file.content == file_of(licence)
    assert copy.content.startswith(b"%PDF")
    assert "视同复印件" in text_of(copy.content)
    assert {file["Cache-Control"], copy["Cache-Control"]} == {"no-store"}
    done = of_subject("licence", str(licence.uuid)).filter(actor_key=str(owner.uuid))
    assert sorted(done.values_list("action", flat=True)) == ["copy_made", "file_downloaded"]


@pytest.mark.article("M.25")
def test_file_when_altered_on_the_disk_then_never_given_out(
    owner: Holder, licence: Licence
) -> None:
    digest = LicenceFile.objects.get(version__licence=licence).digest
    path = files.path_of(digest)
    path.chmod(0o600)
    path.write_bytes(b"other")
    answer = holder_client(owner).post(f"/wallet/licences/{licence.uuid}/file/", follow=True)
    assert "与入库时不一致，不能下载" in answer.content.decode()
