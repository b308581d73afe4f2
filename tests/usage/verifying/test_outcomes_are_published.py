"""The table of outcomes in the documents and on the help page is the one that decides."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from usage.verifying.outcomes import Outcome

HERE = Path(settings.BASE_DIR) / "docs" / "verification.md"
HEAD = "| code | key | verdict | words | next steps |\n|---|---|---|---|---|\n"


def table() -> str:
    """The table, in the order of the codes."""
    rows = sorted(Outcome, key=lambda one: one.code)
    return HEAD + "".join(
        f"| {one.code} | `{one.key}` | {one.verdict.word} | {one.sentence} | {''.join(one.steps)} |\n"
        for one in rows
    )


def test_document_when_read_then_holds_every_outcome_as_it_is() -> None:
    assert HERE.read_text(encoding="utf-8").endswith(f"\n\n{table()}")


@pytest.mark.article("M.19")
def test_help_when_opened_then_explains_every_outcome_and_the_right_address(
    db: None, client: Client
) -> None:
    html = client.get("/help/").content.decode()
    for one in Outcome:
        assert f'<span class="zz-code">{one.code}</span>' in html
        assert one.sentence in html
        assert [step for step in one.steps if step not in html] == []
    assert f'<b class="zz-code">{settings.PORTAL_ADDRESS}</b>' in html


def test_home_when_opened_then_its_box_leads_to_the_check(db: None, client: Client) -> None:
    html = client.get("/").content.decode()
    assert '<form method="post" action="/verify/"' in html
    assert '<a href="/verify/">查验真伪</a>' in html
    answer = client.post("/verify/", {"code": "23456789ABCDEFGH"})
    assert answer.status_code == 303
