"""manage.py import_stock: the dry run's JSON and table, refusals, the real run gone on with."""

import io
import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from licences.models import Licence, StockBatch
from licences.stock import converting
from tests.licences.stock.conftest import LARGE, SAMPLE, SMALL, answers
from tests.licences.stock.test_sheets import SHEETS
from zezhou_portal.parties.models import Role

KIND = "--kind=食品经营许可证"
ON = "--on=2026-11-24"
COMMIT = ("--commit", "--as=bureau.clerk", "--approved-by=bureau.signatory")


def run(path, *options):
    """Standard output of the command on a file of the sample county."""
    out = io.StringIO()
    file = path if hasattr(path, "exists") else SAMPLE / "stock" / path
    call_command("import_stock", str(file), KIND, ON, *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.mark.article("M.10")
@pytest.mark.parametrize(("name", "stem"), SHEETS)
def test_dry_run_when_json_then_each_row_has_the_four_keys_and_its_answer(entry, name, stem):
    lines = json.loads(run(name, "--json"))
    assert [set(line) for line in lines] == [{"row", "outcome", "fault", "reason"}] * len(lines)
    assert [(line["row"], line["outcome"], line["fault"]) for line in lines] == [
        (one["row"], one["outcome"], one.get("fault")) for one in answers(stem)
    ]
    assert not StockBatch.objects.exists()
    assert not Licence.objects.exists()


def test_dry_run_when_read_by_a_person_then_table_and_summary_are_chinese(entry):
    lines = run(LARGE).splitlines()
    assert lines[0] == "    行  结论          说明"
    assert lines[1] == "     2  可转换"
    assert (
        "按2026年11月24日核对 2,000 行：可转换 1,080 行，已不在有效期 765 行，有误 155 行。"
        in lines
    )
    assert "  统一社会信用代码不对：18 行" in lines


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\n", "是PDF 文件，不是表格"),
        (b"", "里没有内容"),
    ],
)
def test_dry_run_when_the_file_is_no_sheet_then_it_says_so(entry, tmp_path, data, sentence):
    file = tmp_path / "清单.csv"
    file.write_bytes(data)
    with pytest.raises(CommandError, match=sentence):
        run(file, "--json")
    with pytest.raises(CommandError, match=sentence):
        run(file, *COMMIT)
    assert not StockBatch.objects.exists()


def test_dry_run_when_a_heading_comes_twice_then_it_is_refused(entry, tmp_path):
    text = (SAMPLE / "stock" / SMALL).read_text(encoding="utf-8-sig")
    lines = [f"{line},{line.split(',')[0]}" for line in text.splitlines()]
    file = tmp_path / "清单.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CommandError, match="出现了不止一列"):
        run(file)


def test_command_when_kind_or_file_is_unknown_then_it_says_so(entry, tmp_path):
    with pytest.raises(CommandError, match="公布的目录里没有“没有的证”"):
        call_command("import_stock", str(SAMPLE / "stock" / SMALL), "--kind=没有的证", ON)
    with pytest.raises(CommandError, match="打不开"):
        run(tmp_path / "没有.csv")
    with pytest.raises(CommandError, match="转换要有两个人"):
        run(SMALL, "--commit", "--as=bureau.clerk")
    with pytest.raises(CommandError, match="没有“nobody”这个账号"):
        run(SMALL, "--commit", "--as=nobody", "--approved-by=bureau.signatory")


def test_command_when_the_day_cannot_be_read_then_the_shell_gets_2_and_a_sentence():
    done = subprocess.run(
        [sys.executable, "manage.py", "import_stock", "README.md", KIND, "--on=morgen"],
        cwd=SAMPLE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "日期“morgen”看不懂" in done.stderr


@pytest.mark.article("M.7")
def test_commit_when_one_person_is_both_hands_then_nothing_is_converted(cast, entry):
    with pytest.raises(CommandError, match="没有“签批许可清单”的权限"):
        run(SMALL, "--commit", "--as=bureau.clerk", "--approved-by=bureau.clerk")
    assert not Licence.objects.exists()
    with pytest.raises(CommandError, match="没有“签批许可清单”的权限"):
        run(SMALL, "--commit", "--as=bureau.clerk", "--approved-by=market.signatory")
    assert not Licence.objects.exists()


@pytest.mark.article("M.10")
def test_commit_when_run_again_then_nothing_more_is_made(cast, entry):
    first = json.loads(run(SMALL, *COMMIT, "--json"))
    sound = sum(line["outcome"] == "convert" for line in first)
    assert Licence.objects.count() == sound == StockBatch.objects.get().rows_done
    assert json.loads(run(SMALL, *COMMIT, "--json")) == first
    assert Licence.objects.count() == sound
    assert StockBatch.objects.count() == 1


def test_commit_when_killed_half_way_then_the_next_run_goes_on(cast, entry, monkeypatch):
    whole, calls = converting.enter_many, []

    def killed(**given):
        calls.append(len(given["new"]))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(**given)

    monkeypatch.setattr(converting, "CHUNK", 25)
    monkeypatch.setattr(converting, "enter_many", killed)
    with pytest.raises(KeyboardInterrupt):
        run(SMALL, *COMMIT)
    assert Licence.objects.count() == 50 == StockBatch.objects.get().rows_done
    run(SMALL, *COMMIT)
    batch = StockBatch.objects.get()
    assert (batch.state, batch.rows_done) == ("CONVERTED", batch.rows_convert)
    assert Licence.objects.count() == batch.rows_convert


def test_commit_when_produced_here_then_the_licences_are_in_force(cast, entry, tmp_path):
    lines = (SAMPLE / "stock" / SMALL).read_text(encoding="utf-8-sig").splitlines()
    sound = [one["row"] for one in answers("food-licences-utf8") if one["outcome"] == "convert"]
    file = tmp_path / "两行.csv"
    file.write_text("\n".join([lines[0], lines[sound[0] - 1], lines[sound[1] - 1]]), "utf-8")
    run(file, *COMMIT, "--produce")
    assert list(Licence.objects.values_list("state", flat=True)) == ["IN_FORCE", "IN_FORCE"]
    assert Role.SIGNATORY.label in Licence.objects.first().versions.get().seal_use.approved_by_role
