"""A licence's pages: masked, recorded, another department's as little there as none."""

import gzip
import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.trail.models import Record
from licences.models import Licence, LicenceFile, LicenceVersion
from licences.register import producing
from tests.cast import Cast
from tests.licences.register.making import NOODLES, VETERAN, food, produced, veteran
from tests.records import outcomes, records
from zezhou_portal.kernel import clock, files

ADDRESSES = ("", "face.svg", "state/", "history/")
POSTS = ("unmask/", "face/", "file/", "copy/")


def at(licence: Licence, rest: str = "") -> str:
    return f"/licences/{licence.identifier}/{rest}"


@pytest.mark.article("M.8")
def test_licence_page_when_read_then_shows_state_values_city_and_history(
    cast: Cast, licence: Licence
) -> None:
    client = cast.client("market.clerk")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(at(licence))
    assert answer.status_code == 200
    assert len(queries) <= 30
    page = answer.content.decode()
    for words in (
        NOODLES,
        licence.number,
        "侯㛃",
        "热食类食品制售",
        "待推送",
        "制证完成，证照生效",
        "第 1 版",
    ):
        assert words in page
    assert f'src="{at(licence, "face.svg")}"' in page
    assert LicenceFile.objects.get().digest in page.replace("<wbr>", "")


@pytest.mark.article("M.26")
def test_licence_when_a_neighbour_asks_then_not_found_whatever_the_address(
    cast: Cast, licence: Licence
) -> None:
    client = cast.client("land.clerk")
    for rest in ADDRESSES:
        assert client.get(at(licence, rest)).status_code == 404
    for rest in POSTS:
        assert client.post(at(licence, rest), {"what": "holder:0"}).status_code == 404
    assert cast.client("market.clerk").get("/licences/1.2.156.3005.2.X/").status_code == 404
    assert (
        records("licence_consulted")
        == records("value_unmasked")
        == records("file_downloaded")
        == []
    )


@pytest.mark.article("M.25")
def test_consulting_when_repeated_then_one_record_a_person_and_hour(
    cast: Cast, licence: Licence, wednesday
) -> None:
    clerk, reviewer = cast.client("market.clerk"), cast.client("market.reviewer")
    for client in (clerk, clerk, reviewer):
        assert client.get(at(licence)).status_code == 200
    clerk.get(at(licence, "history/"))
    clerk.get(at(licence, "face.svg"))
    assert len(records("licence_consulted")) == 2
    wednesday.shift(timedelta(minutes=61))
    cast.client("market.clerk").get(at(licence))
    told = records("licence_consulted")
    assert [row.actor_key for row in told] == [
        cast.actor("market.clerk").key, cast.actor("market.reviewer").key, cast.actor("market.clerk").key,
    ]  # fmt: skip
    assert {(row.subject_kind, row.subject_key, row.outcome) for row in told} == {
        ("licence", str(licence.uuid), "done")
    }


@pytest.mark.article("M.26")
def test_personal_values_when_shown_then_masked_until_opened_on_the_record(cast: Cast) -> None:
    licence = produced(veteran(cast))
    client = cast.client("market.reviewer")
    page = client.get(at(licence)).content.decode()
    hidden = f"{VETERAN[:6]}********{VETERAN[-4:]}"
    assert VETERAN not in page
    assert page.count(hidden) == 1  # beside the holder, not again as a data item
    assert "涉及个人隐私" in page
    for what in ("holder:0", "citizen_id"):
        answer = client.post(at(licence, "unmask/"), {"what": what})
        opened = answer.content.decode()
        assert opened.count(VETERAN) == 1
        assert answer["Cache-Control"] == "no-store"
    assert VETERAN not in client.get(at(licence)).content.decode()
    told = records("value_unmasked")
    assert [row.facts for row in told] == [
        {"what": "holder:0", "version": 1},
        {"what": "citizen_id", "version": 1},
    ]
    assert not any(VETERAN in str(row.content()) for row in Record.objects.all())


def test_unmasking_when_there_is_nothing_to_open_then_refused_on_the_record(
    cast: Cast, licence: Licence
) -> None:
    client = cast.client("market.clerk")
    asked = ("holder:0", "holder:9", "holder:x", "legal_representative", "", "credit_code")
    for what in (*asked, f"holder:{'9' * 5000}", "holder:²", "holder:00", "张三"):
        assert client.post(at(licence, "unmask/"), {"what": what}).status_code == 409
    told = records("value_unmasked")
    assert {one.outcome for one in told} == {"refused"}
    # what was asked for came from outside: it is no fact of the trail's (M.26)
    assert {tuple(one.facts) for one in told} == {("version",)}


def test_unmasking_when_the_posting_may_not_then_403_on_the_record(cast: Cast) -> None:
    licence = produced(veteran(cast))
    client = cast.client("market.signatory")
    assert "查看全号" not in client.get(at(licence)).content.decode()
    assert client.post(at(licence, "unmask/"), {"what": "citizen_id"}).status_code == 403
    assert client.post(at(licence, "face/")).status_code == 403
    assert [outcome for outcome, _ in outcomes("value_unmasked")] == ["refused"]
    assert [outcome for outcome, _ in outcomes("face_unmasked")] == ["refused"]


def test_face_when_personal_then_masked_and_whole_only_on_the_record(cast: Cast) -> None:
    licence = produced(veteran(cast))
    client = cast.client("market.clerk")
    masked = client.get(at(licence, "face.svg")).content
    answer = client.post(at(licence, "face/"))
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content != masked
    assert [row.facts for row in records("face_unmasked")] == [{"version": 1}]


def test_face_when_asked_again_then_not_sent_again(cast: Cast, licence: Licence) -> None:
    client = cast.client("market.clerk")
    plain = client.get(at(licence, "face.svg"))
    packed = client.get(at(licence, "face.svg"), headers={"accept-encoding": "gzip, br"})
    digest = LicenceFile.objects.get().digest
    assert plain["ETag"] == packed["ETag"] == f'"{digest}-0"'
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert plain.content.startswith(b"<svg")
    assert b"data:image/png" in plain.content  # the seal's impression
    again = client.get(at(licence, "face.svg"), headers={"if-none-match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(at(licence, "face.svg?page=9")).status_code == 404


@pytest.mark.article("M.25")
def test_sealed_file_when_taken_then_the_stored_bytes_on_the_record(
    cast: Cast, licence: Licence
) -> None:
    answer = cast.client("market.clerk").post(at(licence, "file/"))
    digest = LicenceFile.objects.get().digest
    assert hashlib.new("sm3", answer.content).hexdigest() == digest
    assert answer["Content-Type"] == "application/ofd"
    assert ".ofd" in answer["Content-Disposition"]
    assert [row.facts for row in records("file_downloaded")] == [{"file": digest}]
    assert cast.client("market.reviewer").post(at(licence, "file/")).status_code == 403


def test_sealed_file_when_altered_on_disk_then_not_given_out(cast: Cast, licence: Licence) -> None:
    place = files.path_of(LicenceFile.objects.get().digest)
    whole = place.read_bytes()
    place.write_bytes(whole + b"x")
    try:
        answer = cast.client("market.clerk").post(at(licence, "file/"), follow=True)
    finally:
        place.write_bytes(whole)
    assert "与入库时不一致" in answer.content.decode()
    assert [outcome for outcome, _ in outcomes("file_downloaded")] == ["refused"]


@pytest.mark.article("S.10")
def test_reading_copy_when_in_force_then_pdf_on_the_record(cast: Cast, licence: Licence) -> None:
    answer = cast.client("market.signatory").post(at(licence, "copy/"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert [row.facts for row in records("copy_made")] == [{"version": 1}]


@pytest.mark.article("S.10")
def test_reading_copy_when_not_in_force_then_refused(cast: Cast, licence: Licence) -> None:
    Licence.objects.update(state="REVOKED")
    client = cast.client("market.signatory")
    answer = client.post(at(licence, "copy/"), follow=True)
    assert "现在不是有效状态，不能出阅览件" in answer.content.decode()
    assert "PDF 阅览件</button>" not in client.get(at(licence)).content.decode()
    assert [outcome for outcome, _ in outcomes("copy_made")] == ["refused"]


def test_waiting_for_its_file_when_it_fails_then_the_page_says_why(
    cast: Cast, settings, tmp_path
) -> None:
    licence = food(cast)
    client = cast.client("market.clerk")
    page = client.get(at(licence)).content.decode()
    assert "正在制证，证照还没有生效" in page
    assert "照面预览" in page
    assert "OFD 原件</button>" not in page
    assert b"data:image/png" not in client.get(at(licence, "face.svg")).content
    real = settings.PORTAL_KEYS
    settings.PORTAL_KEYS = tmp_path
    (tmp_path / "data").symlink_to(real / "data")
    producing.produce_waiting()
    state = client.get(at(licence, "state/"))
    assert "签章私钥没有装好" in state.content.decode()
    assert "hx-get" in state.content.decode()
    settings.PORTAL_KEYS = real
    LicenceVersion.objects.update(due_at=clock.now() - timedelta(seconds=1))
    produced(licence)
    assert client.get(at(licence, "state/")).headers["HX-Refresh"] == "true"
    assert client.post(at(licence, "file/")).status_code == 200


def test_download_when_no_file_is_made_then_refused(cast: Cast) -> None:
    licence = food(cast)
    answer = cast.client("market.clerk").post(at(licence, "file/"), follow=True)
    assert "还没有制证，没有可以下载的文件" in answer.content.decode()


def test_earlier_version_when_asked_for_then_leads_to_the_licence_of_today(
    cast: Cast, licence: Licence
) -> None:
    former = licence.identifier
    Licence.objects.update(identifier=licence.stem + ".002.X")
    answer = cast.client("market.clerk").get(f"/licences/{former}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/licences/{licence.stem}.002.X/")


def test_gaps_when_stock_lacks_a_value_then_named(cast: Cast) -> None:
    licence = food(cast, has_gaps=True)
    version = LicenceVersion.objects.get()
    version.frozen["values"]["hotline"] = ""
    version.save(update_fields=["frozen"])
    page = cast.client("market.clerk").get(at(licence)).content.decode()
    assert "这份存量证照有待补项" in page
    assert "清单里没有：投诉举报电话" in page


def test_history_when_long_then_paged_and_the_page_links_to_it(
    cast: Cast, licence: Licence
) -> None:
    client = cast.client("market.clerk")
    for _ in range(40):
        client.post(at(licence, "file/"))
    assert "更早的记录" in client.get(at(licence)).content.decode()
    first = client.get(at(licence, "history/"))
    assert len(first.context["events"]) == 30
    assert {event.voice for event in first.context["events"]} == {"quiet"}
    second = client.get(at(licence, "history/"), {"page": first.context["page"].after})
    assert "制证完成，证照生效" in [event.what for event in second.context["events"]]
