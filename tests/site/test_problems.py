"""What people and systems read when an act is refused or a file is not as it was stored (M.26)."""

import json

import pytest
from django.http import HttpResponseNotAllowed
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.cast import Cast
from zezhou_portal.kernel.files import FileAltered, FileMissing
from zezhou_portal.pagekit.problem_details import PROBLEM
from zezhou_portal.regulation.errors import NotPermitted, RuleBroken
from zezhou_portal.site.problems import FILE_GONE, ProblemMiddleware

BROKEN = RuleBroken("M.7", "还没有写理由。")
DENIED = NotPermitted("review_applications", "这一件属于其他单位。")


def answer(path: str, error: Exception):
    """The answer to a request at a path that ended with an error; None where it is not ours."""
    request = RequestFactory().get(path)
    request.resolver_match = None
    return ProblemMiddleware(lambda _request: None).process_exception(request, error)


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (BROKEN, 409, {"detail": "还没有写理由。", "article": "M.7", "title": "现在不能办"}),
        (DENIED, 403, {"detail": "这一件属于其他单位。", "title": "不能办"}),
        (FileMissing("ab"), 409, {"detail": FILE_GONE, "title": "现在不能办"}),
        (FileAltered("ab"), 409, {"detail": FILE_GONE, "title": "现在不能办"}),
    ],
)
def test_api_when_refused_then_reason_and_article_as_json(error, status, body) -> None:
    told = answer("/api/v1/receipts/", error)
    assert (told.status_code, told["Content-Type"]) == (status, PROBLEM)
    assert json.loads(told.content) == {"type": "about:blank", "status": status, **body}
    assert body["detail"] in told.content.decode()  # readable as it stands, not escaped


def test_anything_else_when_raised_then_left_to_fail() -> None:
    assert answer("/applications/", ZeroDivisionError()) is None


def test_address_that_takes_a_post_when_opened_then_a_page_says_what_to_do(db: None) -> None:
    answer = Cast().client("bureau.auditor").get(reverse("trail:export"))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    text = answer.content.decode()
    assert "<h1>这个地址不能这样打开</h1>" in text
    assert "请回到原来的页面，按那里的按钮再办。" in text
    assert "回工作台" in text


def test_address_that_is_for_reading_when_sent_to_then_a_page_says_so(db: None) -> None:
    answer = Client().post(reverse("portal:help"))
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert "它只供查看，不接收提交。" in answer.content.decode()


def test_interface_when_asked_the_wrong_way_then_its_own_words_stay() -> None:
    told = HttpResponseNotAllowed(["POST"], b'{"detail": "x"}', content_type="application/json")
    request = RequestFactory().get("/api/v1/receipts/")
    assert ProblemMiddleware(lambda _request: told)(request) is told
