"""The map of articles is read from the code, the same every time."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.conventions.sources import ROOT
from zezhou_portal.management.commands.report_articles import gather, report


def test_report_when_written_twice_then_the_same(tmp_path: Path) -> None:
    written = tmp_path / "new" / "articles.md"
    call_command("report_articles", "--output", str(written), verbosity=0)
    assert written.read_text(encoding="utf-8") == report(ROOT)


def test_report_when_read_then_names_acts_limits_modules_and_tests() -> None:
    answers = gather(ROOT)["M.9"]
    assert "收件 `application_received`" in answers.acts
    assert "`GENERATION_OFFLINE = WorkingDays(1, 'M.9')`" in answers.limits
    assert "`licences.applications.issuing`" in answers.modules
    assert "`tests.articles.test_measures_09_same_time`" in answers.tests
    text = report(ROOT)
    assert "### M.9 在线生成与办结同步；离线生成的在办结后1个工作日内推送目录" in text
    assert "M.30" not in text


def test_report_when_outside_a_checkout_then_refused(tmp_path: Path, settings) -> None:
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="from a checkout"):
        call_command("report_articles", "--output", str(tmp_path / "a.md"))
    assert not (tmp_path / "a.md").exists()
