"""The page that judges uploaded files."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.trail.models import Record
from tests.cast import Cast
from tests.usage.sealed import file_of, in_force
from usage.verifying.pages import forms

PAGE = "/verify/file/"
VECTORS = Path(__file__).parents[2] / "vectors" / "ofd"


def upload(client: Client, *named: tuple[str, bytes], **headers: Any) -> Any:
    """The answer to an upload of files by name."""
    files = [SimpleUploadedFile(name, data) for name, data in named]
    return client.post(PAGE, {"file": files}, **headers)


def text(answer: Any) -> str:
    return answer.content.decode()


def kept() -> list[Path]:
    return sorted(path for path in Path(settings.PORTAL_FILES).rglob("*") if path.is_file())


def test_the_empty_form_says_what_is_kept(db: None, client: Client) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    html = text(answer)
    assert "<h1>查验文件真伪</h1>" in html
    assert "查完就丢，不留文件" in html
    assert 'accept=".ofd"' in html and " multiple" in html


@pytest.mark.article("M.19")
def test_a_licence_of_ours_passes_and_nothing_of_it_is_kept(cast: Cast, client: Client) -> None:
    licence = in_force(cast)
    data, before = file_of(licence), kept()
    with CaptureQueriesContext(connection) as queries:
        answer = upload(client, ("取水许可证.ofd", data))
    assert answer.status_code == 200
    assert len(queries) <= 30
    html = text(answer)
    assert "<h1>通过</h1>" in html
    assert "证照有效，文件没有改动。" in html
    assert "合计　13 是　0 否" in html
    assert licence.number in html and licence.holder_names in html
    assert kept() == before
    looked = Record.objects.get(action="file_checked")
    assert (looked.subject_key, looked.actor_kind, looked.facts) == (
        str(licence.uuid),
        "public",
        {"verdict": "passed"},
    )


def test_several_files_are_judged_one_by_one(cast: Cast, client: Client) -> None:
    data = file_of(in_force(cast))
    ended = (VECTORS / "sealed-v4.ofd").read_bytes()
    sent = (("a.ofd", data), ("b.ofd", data + b"x"), ("c.pdf", b"%PDF-1.7"), ("d.ofd", ended))
    html = text(upload(client, *sent))
    assert "<h1>未通过</h1>" in html
    assert "一共 4 个文件：1 个通过，1 个未通过，2 个无法确定。" in html
    assert "文件外多出 1 字节（后面 1 字节）" in html
    assert html.count("现在怎么办") == 4


def test_other_vendors_and_foreign_signatures_are_shown_block_by_block(
    db: None, client: Client
) -> None:
    html = text(upload(client, ("v4.ofd", (VECTORS / "sealed-v4.ofd").read_bytes())))
    assert "第 1 个印章：OFD R&amp;W 测试用印章" in html
    assert "签章的时候，印章不在有效期内。" in html
    html = text(upload(client, ("sign.ofd", (VECTORS / "digitally-signed.ofd").read_bytes())))
    assert "<h1>无法确定</h1>" in html
    assert "第 1 个签名" in html
    assert "签名值没有随附签名人的证书，无法确认是谁签的。" in html


def test_what_is_wrong_with_an_upload_is_said_at_the_field(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.post(PAGE, {})
    assert answer.status_code == 422
    assert "还没有上传" in text(answer)
    many = [(f"{one}.ofd", b"x") for one in range(11)]
    answer = upload(client, *many)
    assert answer.status_code == 422
    assert "一次最多查 10 个文件，现在选了 11 个。请分几次查" in text(answer)
    monkeypatch.setattr(forms, "MOST_BYTES", 1024 * 1024)
    answer = upload(client, ("大.ofd", b"x" * (1024 * 1024 + 1)))
    assert answer.status_code == 422
    assert "“大.ofd”有 1.1 MB，单个文件不能超过 1 MB。请确认选的是证照文件" in text(answer)
    monkeypatch.setattr(forms, "MOST_TOGETHER", 1024 * 1024)
    answer = upload(client, ("a.ofd", b"x" * 700_000), ("b.ofd", b"x" * 700_000))
    assert answer.status_code == 422
    assert "这些文件一共 1.4 MB，一次不能超过 1 MB。请分几次查" in text(answer)
    assert not Record.objects.filter(action="file_checked").exists()


def test_a_body_that_is_too_large_is_told_what_to_do(client: Client, db: None) -> None:
    answer = client.generic(
        "POST", PAGE, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 * 1024 * 1024)
    )
    assert answer.status_code == 413
    assert "一次不能超过 100 MB" in text(answer)


def test_without_the_token_nothing_is_judged(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert upload(client, ("a.ofd", b"x")).status_code == 403
    page = client.get(PAGE)
    token = page.context["csrf_token"]
    files = {"file": SimpleUploadedFile("a.ofd", b"x"), "csrfmiddlewaretoken": str(token)}
    assert client.post(PAGE, files).status_code == 200


@pytest.mark.article("M.26")
def test_files_are_limited_and_staff_are_counted_by_account(
    cast: Cast, client: Client, wednesday: Any
) -> None:
    ten = [(f"{one}.ofd", b"x") for one in range(10)]
    for _ in range(2):
        assert upload(client, *ten).status_code == 200
    assert upload(client, *ten[:9]).status_code == 200
    answer = upload(client, *ten[:2])
    assert answer.status_code == 429
    assert "10 分钟里最多查 30 个文件，已经查满了。请在 10:10 以后再查。" in text(answer)
    # What was refused is not counted: one is left.
    assert upload(client, ten[0]).status_code == 200
    assert upload(client, ten[0]).status_code == 429
    assert Record.objects.filter(action="file_checked").count() == 30
    clerk = cast.client("market.clerk")
    assert upload(clerk, ten[0]).status_code == 200
    mine = Record.objects.filter(action="file_checked", actor_kind="official").get()
    assert mine.department_name == cast.market.name
    wednesday.shift(600)
    assert upload(client, ten[0]).status_code == 200
