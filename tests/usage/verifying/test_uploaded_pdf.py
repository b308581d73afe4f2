"""A PDF that is brought for verification: a copy, not known, whose code leads to the state."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licences.models import LicenceVersion
from licences.production.face.pdf import open_writer
from licences.production.rendering import copy_of, entry_of
from tests.cast import Cast
from tests.usage.sealed import in_force
from tests.usage.verifying.test_pdf_codes import pdf_of, shapes
from usage.verifying.purpose_copies import address_of, fresh_code

pytestmark = pytest.mark.article("S.10")


def result(client: Client, data: bytes) -> str:
    answer = client.post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", data)})
    assert answer.status_code == 200
    return answer.content.decode()


def test_reading_copy_when_uploaded_then_not_known_and_its_code_leads_to_the_state(
    cast: Cast, client: Client
) -> None:
    licence = in_force(cast)
    version = LicenceVersion.objects.get(licence=licence)
    html = result(client, copy_of(version, entry_of(version)))
    assert "<h1>无法确定</h1>" in html
    assert "视同复印件" in html
    assert licence.number not in html  # a copy proves nothing: what is known is asked by the code
    (link,) = re.findall(r'href="(/V/[^"]+)"', html)
    state = client.get(link)
    assert state.status_code == 200
    assert licence.entry.name in state.content.decode()


def test_copy_when_its_code_is_of_a_purpose_then_leads_to_the_copy(
    db: None, client: Client
) -> None:
    html = result(client, pdf_of(shapes(address_of(fresh_code()))))
    (link,) = re.findall(r'href="(/C/[^"]+)"', html)
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    "text",
    ["https://evil.example/v/7K4M2Q9/PX3TC8WD", "javascript:alert(1)", "7K4M", "12345678"],
)
def test_pdf_when_its_code_is_not_ours_then_nothing_is_linked(
    db: None, client: Client, text: str
) -> None:
    html = result(client, pdf_of(shapes(text)))
    assert "<h1>无法确定</h1>" in html
    assert "上面的码" not in html
    assert text not in html


def test_pdf_when_it_holds_no_code_then_the_sentence_alone(db: None, client: Client) -> None:
    html = result(client, bytes(open_writer().HTML(string="<p>x</p>").write_pdf()))
    assert "这是PDF，不是电子证照的原文件" in html
    assert "上面的码" not in html
