"""The verifier's pages: scan, verdict, consent, one's own; who may open which."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from audit.trail.models import Record
from licences.register import changes
from tests.cast import Cast
from tests.holders import holder_actor, holder_client
from tests.usage import duty
from tests.usage.sealed import in_force
from usage.models import Mode, Verification
from usage.presenting import presentations
from usage.verifying import codes, redemption
from usage.verifying.outcomes import Outcome
from usage.verifying.rate_limits import CHECKS
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import public

PORTAL = "http://127.0.0.1:8000"


def page(client: Client, row: Verification, name: str = "check-result") -> str:
    answer = client.get(reverse(f"usage:{name}", args=[row.uuid]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.article("P.2.3.3", "M.19")
def test_code_when_scanned_then_the_verdict_shows_what_the_holder_chose(cast: Cast) -> None:
    licence = in_force(cast)
    _, code = duty.shown(licence)
    client = cast.client("power.verifier")
    row = duty.scan(client, codes.address_of(code.secret, PORTAL), "用水报装")
    said = page(client, row)
    assert (row.outcome, row.purpose) == ("valid", "用水报装")
    for words in (
        "通过",
        "V00",
        row.number,
        "泽州县下村镇下村村西三百米一号井",
        "作为依据",
        "8 是",
    ):
        assert words in said
    assert "郭样例" not in said  # not among the chosen items
    assert 'value="用水报装"' in client.get(reverse("usage:check")).content.decode()


@pytest.mark.article("P.2.3.3")
def test_short_number_when_typed_with_a_space_then_read(cast: Cast) -> None:
    _, code = duty.shown(in_force(cast))
    assert duty.scan(cast.client("power.verifier"), code.spoken).outcome == "valid"


@pytest.mark.article("P.2.3.3")
def test_code_when_the_scanner_sends_it_twice_then_the_same_verdict(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    _, code = duty.shown(in_force(cast))
    client = cast.client("power.verifier")
    first = duty.scan(client, code.secret)
    assert duty.scan(client, code.secret) == first
    other = duty.scan(cast.client("market.verifier"), code.secret)
    assert other.outcome == "code_used"
    wednesday.shift(timedelta(minutes=11))
    assert duty.scan(client, code.secret).outcome == "code_used"


@pytest.mark.article("M.26")
def test_verdict_when_ten_minutes_are_over_then_only_the_answers(
    cast: Cast, wednesday: time_machine.Traveller
) -> None:
    _, code = duty.shown(in_force(cast))
    client = cast.client("power.verifier")
    row = duty.scan(client, code.secret)
    wednesday.shift(timedelta(minutes=9, seconds=59))
    assert "三百米一号井" in page(client, row)
    wednesday.shift(timedelta(seconds=1))
    for name in ("check-result", "check-print"):
        said = page(client, row, name)
        assert "三百米一号井" not in said
        assert "证照现在有效吗？" in said


@pytest.mark.article("P.2.3.3")
def test_several_licences_when_shown_together_then_one_page(cast: Cast) -> None:
    first = in_force(cast)
    second = duty.another(cast, first)
    _, code = duty.shown(first, second)
    changes.detain(
        actor=cast.actor("market.signatory"),
        licence=second,
        reason="检查",
        document="扣〔2026〕1号",
    )
    client = cast.client("power.verifier")
    row = duty.scan(client, code.secret)
    said = page(client, row)
    assert "一共 2 份：1 份通过，1 份未通过。" in said
    assert said.count(f"/checks/{row.uuid}/rely/") == 1
    assert Verification.objects.filter(licence__isnull=False).count() == 2


@pytest.mark.article("P.2.3.3", "M.22")
def test_consent_when_waited_for_then_the_page_leads_on_after_it(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = duty.shown(licence, asks_consent=True)
    client = cast.client("power.verifier")
    answer = client.post(reverse("usage:check"), {"text": code.secret})
    waiting = reverse("usage:check-waiting", args=[row.uuid])
    assert answer["Location"] == waiting
    assert "等对方同意" in client.get(waiting).content.decode()
    assert duty.neighbour(cast).get(waiting).status_code == 404
    assert cast.client("power.verifier").get(waiting).status_code == 404  # another session
    assert client.post(waiting, HTTP_HX_REQUEST="true").status_code == 204
    assert client.post(waiting)["Location"] == waiting
    row.refresh_from_db()
    presentations.agree(actor=holder_actor(duty.holder_of(licence)), presentation=row)
    led = client.post(waiting, HTTP_HX_REQUEST="true")
    kept = Verification.objects.get(licence=licence)
    assert led["HX-Redirect"] == reverse("usage:check-result", args=[kept.uuid])
    # asked again a moment later: the same verdict, nothing read anew
    assert client.post(waiting)["Location"] == led["HX-Redirect"]
    assert Verification.objects.filter(licence=licence).count() == 1


@pytest.mark.article("P.2.3.3")
def test_consent_when_declined_then_said(cast: Cast) -> None:
    licence = in_force(cast)
    row, code = duty.shown(licence, asks_consent=True)
    client = cast.client("power.verifier")
    client.post(reverse("usage:check"), {"text": code.secret})
    row.refresh_from_db()
    presentations.decline(actor=holder_actor(duty.holder_of(licence)), presentation=row)
    client.post(reverse("usage:check-waiting", args=[row.uuid]))
    assert Verification.objects.get().outcome == "declined"


@pytest.mark.article("M.19")
@pytest.mark.parametrize("outcome", list(Outcome), ids=lambda one: one.key)
def test_outcome_when_shown_then_word_code_sentence_and_next_step(
    cast: Cast, outcome: Outcome
) -> None:
    account = cast.account("power.verifier")
    row = Verification.objects.create(
        mode=Mode.PRESENTATION, account=account, department=cast.power, reader_name=cast.power.name,
        outcome=outcome.key, verdict=outcome.verdict.value, answers=[], at=clock.now(),
    )  # fmt: skip
    client = cast.client("power.verifier")
    for name in ("check-result", "check-print"):
        said = page(client, row, name)
        assert outcome.verdict.word in said
        assert outcome.code in said
        assert outcome.sentence in said
    assert all(step in page(client, row) for step in outcome.steps)
    assert outcome.steps


@pytest.mark.article("M.19")
def test_number_of_a_face_when_scanned_then_led_to_the_other_tab(cast: Cast) -> None:
    licence = in_force(cast)
    client = cast.client("power.verifier")
    for text in (licence.number, licence.identifier):
        answer = client.post(reverse("usage:check"), {"text": text})
        assert answer["Location"] == reverse("usage:check-paper")
        assert f'value="{text}"' in client.get(answer["Location"]).content.decode()
    assert not Verification.objects.exists()
    assert duty.scan(client, "evil.example/P/23456789ABCDEFGH").outcome == "wrong"
    assert duty.scan(client, "您好").outcome == "not_found"


@pytest.mark.article("M.18", "M.19")
def test_paper_when_four_things_agree_then_verified(cast: Cast) -> None:
    licence = in_force(cast)
    version = licence.versions.get()
    client = cast.client("power.verifier")
    sound = {
        "number": licence.number,
        "code": version.check_code.lower(),
        "issued_on": f"{licence.issued_on:%Y年%m月%d日}",
        "holder": licence.holder_names,
    }
    right = client.post(reverse("usage:check-paper"), sound)
    wrong = client.post(reverse("usage:check-paper"), {**sound, "holder": "别人"})
    got = list(Verification.objects.order_by("pk").values_list("outcome", "mode"))
    assert got == [("valid", "typed"), ("not_found", "typed")]
    assert (right.status_code, wrong.status_code) == (303, 303)
    assert licence.holder_names in client.get(right["Location"]).content.decode()
    faulty = client.post(reverse("usage:check-paper"), {**sound, "code": "O0I1"})
    assert faulty.status_code == 422
    assert "校验码是 8 位" in faulty.content.decode()


def qr(text: str) -> bytes:
    """A photo of a code."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    out = io.BytesIO()
    Image.fromarray(code.to_image(scale=6)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def send(client: Client, data: bytes, name: str = "photo.jpg", **more: Any) -> Any:
    upload = SimpleUploadedFile(name, data, content_type="image/jpeg")
    return client.post(reverse("usage:check-picture"), {"picture": upload}, **more)


@pytest.mark.article("P.2.3.3")
def test_photo_when_it_holds_a_code_then_read(cast: Cast) -> None:
    licence = in_force(cast)
    client = cast.client("power.verifier")
    answer = send(client, qr(duty.printed(licence)))
    assert answer.status_code == 303
    assert Verification.objects.get().licence == licence


def bomb() -> bytes:
    """A small file that says it is a picture of ten thousand million pixels."""
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = (100_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"", 422, "不是能打开的图片"),
        (b"%PDF-1.7 no picture", 422, "不是能打开的图片"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 200, 422, "不是能打开的图片"),
        (qr("23456789ABCDEFGH")[:900], 422, "不是能打开的图片"),
        (bomb(), 422, "图片太大"),
        (b"x" * (11 * 1024 * 1024), 413, "图片不能超过 10 MB"),
    ],
    ids=["empty", "another file", "only a head", "cut off", "huge", "heavy"],
)
def test_photo_when_it_cannot_be_read_then_a_sentence(
    cast: Cast, data: bytes, status: int, words: str
) -> None:
    answer = send(cast.client("power.verifier"), data)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Verification.objects.exists()


def test_photo_when_without_a_code_or_missing_then_a_sentence(cast: Cast) -> None:
    client = cast.client("power.verifier")
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "PNG")
    assert "没有读到码" in send(client, out.getvalue()).content.decode()
    none = client.post(reverse("usage:check-picture"), {})
    assert (none.status_code, "还没有选照片" in none.content.decode()) == (422, True)


def test_photo_when_the_token_is_missing_then_refused(cast: Cast) -> None:
    client = cast.client("power.verifier")
    client.handler.enforce_csrf_checks = True
    assert send(client, qr("23456789ABCDEFGH")).status_code == 403
    assert not Verification.objects.exists()


def test_camera_when_the_scan_page_opens_then_allowed_there_alone(cast: Cast) -> None:
    client = cast.client("power.verifier")
    assert "camera=(self)" in client.get(reverse("usage:check"))["Permissions-Policy"]
    assert "camera=()" in client.get(reverse("usage:check-mine"))["Permissions-Policy"]


@pytest.mark.article("M.26")
def test_guessing_when_the_limit_is_reached_then_told_when_to_come_again(
    cast: Cast, wednesday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from usage.verifying.pages import staff

    monkeypatch.setattr(staff, "CHECKS", type(CHECKS)("check", 1, CHECKS.window, "次"))
    client = cast.client("power.verifier")
    duty.scan(client, "23456789ABCDEFGH")
    again = client.post(reverse("usage:check"), {"text": "23456789ABCDEFGH"})
    assert again.status_code == 429
    assert "请在 10:10 以后再查" in again.content.decode()
    told = client.post(
        reverse("usage:check"), {"text": "23456789ABCDEFGH"}, HTTP_ACCEPT="application/json"
    )
    assert (told.status_code, "10:10" in told.json()["reason"]) == (429, True)


@pytest.mark.article("M.25", "M.26")
def test_verification_when_a_neighbour_asks_then_not_there(cast: Cast) -> None:
    _, code = duty.shown(in_force(cast))
    client = cast.client("power.verifier")
    row = duty.scan(client, code.secret)
    other = duty.neighbour(cast)
    for name in ("check-result", "check-print", "rely", "check-day"):
        address = reverse(f"usage:{name}", args=[row.uuid])
        assert other.get(address).status_code == 404
        assert cast.client("market.clerk").get(address).status_code == 403
        for nobody in (Client(), holder_client(duty.holder_of(row.licence))):
            assert nobody.get(address)["Location"].startswith("/log-in/")
    theirs = Verification.objects.get(department=cast.market)
    assert client.get(reverse("usage:check-result", args=[theirs.uuid])).status_code == 404
    mine = client.get(reverse("usage:check-mine")).content.decode()
    assert row.number in mine
    assert theirs.number not in mine


def test_anybodys_reading_when_looked_for_by_a_verifier_then_not_there(cast: Cast) -> None:
    _, code = duty.shown(in_force(cast))
    redemption.read_code(actor=public("test"), understood=codes.understand(code.secret, PORTAL))
    row = Verification.objects.get()
    address = reverse("usage:check-result", args=[row.uuid])
    assert cast.client("power.verifier").get(address).status_code == 404


def test_mine_when_there_are_many_then_paged_by_key(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = cast.client("power.verifier")
    Verification.objects.bulk_create(
        Verification(
            mode=Mode.PRESENTATION, account=cast.account("power.verifier"), department=cast.power,
            reader_name="", outcome="not_found", verdict="failed", at=clock.now(),
        )
        for _ in range(25)
    )  # fmt: skip
    with django_assert_max_num_queries(15):
        first = client.get(reverse("usage:check-mine")).content.decode()
    assert first.count("没有读到证照") == 20
    onward = first.split('href="?page=')[1].split('"')[0]
    second = client.get(f"{reverse('usage:check-mine')}?page={onward}").content.decode()
    assert second.count("没有读到证照") == 5


def test_script_when_it_asks_then_told_in_json(cast: Cast) -> None:
    _, code = duty.shown(in_force(cast))
    told = cast.client("power.verifier").post(
        reverse("usage:check"), {"text": code.secret}, HTTP_ACCEPT="application/json"
    ).json()  # fmt: skip
    row = Verification.objects.get()
    assert told == {
        "address": f"/checks/results/{row.uuid}/", "number": row.number, "code": "V00",
        "verdict": "passed", "word": "通过", "words": Outcome.VALID.sentence,
    }  # fmt: skip


def test_result_when_opened_then_few_queries_and_no_new_record(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    _, code = duty.shown(in_force(cast))
    client = cast.client("power.verifier")
    row = duty.scan(client, code.secret)
    before = Record.objects.count()
    with django_assert_max_num_queries(20):
        answer = client.get(reverse("usage:check-result", args=[row.uuid]))
    assert answer["Cache-Control"] == "no-store"
    assert len(answer.content) < 100_000
    assert Record.objects.count() == before
