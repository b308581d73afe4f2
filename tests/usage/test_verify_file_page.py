"""The page that judges uploaded files."""

from io import BytesIO
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

PAGE = "/verify/file/"
VECTORS = Path(__file__).parents[1] / "vectors" / "ofd"


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
    assert "12 是　0 否" in html or "13 是　0 否" in html
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
    html = text(upload(client, ("a.ofd", data), ("b.ofd", data + b"x"), ("c.pdf", b"%PDF-1.7")))
    assert "<h1>未通过</h1>" in html
    assert "一共 3 个文件：1 个通过，2 个未通过。" in html
    assert html.count("现在怎么办") == 3
