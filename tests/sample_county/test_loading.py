"""The sample county and the demonstration: loaded twice it is there once, and the main job runs."""

import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from audit.trail.models import Record
from licences import tasks as making
from licences.models import Application, CatalogueEntry, Licence, ServiceItem, StockBatch
from sample_county.loading import parties as sample
from sample_county.management.commands import run_demo
from seals.models import Certificate, Seal
from tests.exchange import city as cityside
from tests.parties.identity import services as identity
from zezhou_portal.exchange import tasks as exchanging
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import files
from zezhou_portal.parties.models import Account, Department

ROWS = 12  # of the sample sheet: seven sound ones among them


def told(command: str, *arguments: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the county's keys are made, once: that is what takes the time."""
    return tmp_path_factory.mktemp("county") / "keys"


@pytest.fixture
def county(settings, tmp_path: Path, keys: Path, transactional_db: None) -> Path:
    """The sample county, loaded by the command."""
    settings.PORTAL_KEYS = keys
    settings.PORTAL_FILES = tmp_path / "files"
    told("load_sample_county")
    return keys


def counts() -> dict[str, int]:
    """How many there are of what the command loads."""
    kinds = (Department, Account, Seal, Certificate, CatalogueEntry, ServiceItem)
    return {kind.__name__: kind.objects.count() for kind in kinds}


def test_county_when_loaded_again_then_everything_is_there_once(county: Path) -> None:
    first = counts()
    assert (first["Department"], first["Account"]) == (46, 35)
    assert first["Seal"] == first["Certificate"] == len(list(county.rglob("seal.esl")))
    published = CatalogueEntry.objects.filter(state="PUBLISHED").count()
    assert told("load_sample_county").splitlines()[-2:] == [
        f"印章 {first['Seal']} 枚",
        f"目录 {published} 种",
    ]
    assert counts() == first
    assert first["CatalogueEntry"] == published == 19
    assert Record.objects.filter(action="entry_published").count() == published


def test_codes_when_asked_for_then_a_line_for_every_account(county: Path) -> None:
    lines = told("sample_codes").splitlines()
    assert [line.split()[0] for line in lines] == [one.username for one in sample.load_people()]
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+ +\d{6}  \S+ \S+（\S+）", line) for line in lines)


@pytest.fixture
def demo(county: Path, tmp_path: Path, live_server, settings, monkeypatch):
    """A stand-in city, a short sheet, and a worker that works whenever the command waits."""
    whole = run_demo.SHEET.read_bytes().splitlines(keepends=True)
    sheet = tmp_path / "food-licences-gb18030.csv"
    sheet.write_bytes(b"".join(whole[: ROWS + 1]))
    monkeypatch.setattr(run_demo, "SHEET", sheet)
    running = cityside.start(tmp_path, county / "trust", live_server.url)
    settings.CITY_ADDRESS = running.address
    settings.PORTAL_ADDRESS = live_server.url
    turns: list[int] = []

    def work(_seconds: float) -> None:
        turns.append(making.convert_batches() + making.produce_waiting() + exchanging.dispatch())
        cityside.until(lambda: not Outbound.objects.filter(state="SENT").exists())

    clock = SimpleNamespace(monotonic=lambda: float(len(turns)), sleep=work)
    monkeypatch.setattr(run_demo, "time", clock)
    with identity.stand_in(live_server.url) as address:
        settings.PORTAL_IDENTITY = {"sample": identity.ticket(address)}
        yield SimpleNamespace(turns=turns, clock=clock, city=running)
    running.stop()


def failing(command: str) -> str:
    """The sentence with which a command gives up."""
    with pytest.raises(CommandError) as failure:
        call_command(command, "--quiet", stdout=io.StringIO())
    return str(failure.value)


def test_demo_when_run_twice_then_the_main_job_is_done_once(demo) -> None:
    work, demo.clock.sleep = demo.clock.sleep, lambda _seconds: demo.turns.append(0)
    assert re.fullmatch(r"转换：等了 240 秒，只完成 0/\d+", failing("run_demo"))
    assert Licence.objects.count() == 0
    demo.clock.sleep = work
    out = told("run_demo", "--quiet")
    batch, application = StockBatch.objects.get(), Application.objects.get()
    sound = batch.rows_convert
    assert (batch.state, batch.rows_total, batch.rows_done) == ("CONVERTED", ROWS, sound)
    assert (batch.rows_fault, batch.rows_not_in_force) == (1, ROWS - 1 - sound)
    assert Licence.objects.filter(state="IN_FORCE").count() == sound + 1
    assert set(Outbound.objects.values_list("state", flat=True)) == {"ACCEPTED"}
    assert set(demo.city.held()) == set(Licence.objects.values_list("identifier", flat=True))
    lines = [line.strip() for line in out.splitlines()]
    assert f"核对：登记 {sound} 份，文件 {sound} 份，市平台 {sound} 份" in lines
    assert f"{application.number} 收件：泽州县下村镇清泉供水站（样例）" in lines
    verified = f"查验 取水许可证 {application.licence.number}：通过"
    assert len([line for line in lines if line.startswith(verified)]) == 1
    assert len([line for line in lines if "密码" in line and "动态口令 " in line]) == 35
    read = [line for line in lines if "核验 取水许可证" in line]
    assert [line.split("核验")[0] for line in read] == ["短码", "二维码"]
    assert "同一个码再读一次：这个码已经用过" in lines
    again = told("run_demo", "--quiet")
    assert f"  {application.number} 上次已经办结" in again.splitlines()
    assert (StockBatch.objects.count(), Licence.objects.count()) == (1, sound + 1)


def test_demo_when_the_city_refuses_or_a_file_was_altered_then_it_fails(demo) -> None:
    told("run_demo", "--quiet")
    licence = Licence.objects.filter(stock_row__isnull=False).order_by("pk")[:1].get()
    own = Outbound.objects.filter(subject_key=str(licence.uuid))
    own.update(state="REFUSED", city_reason="必填项为空")
    assert failing("run_demo") == f"市平台退回 {own.get().subject_label}：必填项为空"
    own.update(state="ACCEPTED")
    file = licence.versions.get().file
    other = licence.versions.model.objects.exclude(pk=licence.versions.get().pk)[:1].get().file
    digest = file.digest
    type(file).objects.filter(pk=file.pk).update(digest=files.store(b"no licence at all"))
    assert failing("run_demo") == f"{licence.number}的文件查验没有通过：indeterminate"
    type(file).objects.filter(pk=file.pk).update(digest=digest)
    files.path_of(other.digest).write_bytes(b"another file")
    with pytest.raises(files.FileAltered):
        call_command("run_demo", "--quiet", stdout=io.StringIO())
