"""The pages of a sheet, from upload to result: what they show, refuse and record."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from audit.trail.models import Record
from audit.trail.recording import REFUSALS
from licences.models import Licence, StockBatch
from licences.register import producing
from licences.stock import checking, converting
from licences.stock.pages import rows as stock_lines
from licences.stock.selectors import Progress
from licences.stock.sheets import refusals
from tests.licences.stock.conftest import LARGE, SAMPLE, SMALL, checked, content, signed_off

CLERK, SIGNATORY = "bureau.clerk", "bureau.signatory"


def address(name, batch):
    return reverse(f"licences:{name}", args=[batch.uuid])


def upload(client, entry, data, name="清单.csv", **fields):
    file = SimpleUploadedFile(name, data)
    return client.post(
        reverse("licences:stock-upload"), {"kind": str(entry.uuid), "file": file, **fields}
    )


def text_of(response):
    return response.content.decode()


def submitted(cast, entry, name=SMALL):
    batch = checked(cast, entry, name)
    return checking.submit(actor=cast.actor(CLERK), batch=batch)


@pytest.mark.article("M.10")
def test_sheet_when_walked_by_two_people_then_it_ends_as_licences(
    cast, entry, tmp_path, django_assert_max_num_queries
):
    lines = (SAMPLE / "stock" / SMALL).read_text(encoding="utf-8-sig").splitlines()
    clerk, signatory = cast.client(CLERK), cast.client(SIGNATORY)
    data = "\n".join(lines[:9]).encode()
    batch_at = upload(clerk, entry, data, "八行.csv")
    batch = StockBatch.objects.get()
    assert batch_at.status_code == 302
    assert batch_at.url == address("stock-columns", batch)
    page = clerk.get(batch_at.url)
    assert "认出 23 列" in text_of(page)
    chosen = {field.name: field.value() or "" for field in page.context["form"]}
    assert chosen["column_0"] == "holder_name"
    done = clerk.post(batch_at.url, chosen)
    assert done.url == address("stock-sheet", batch)
    with django_assert_max_num_queries(30):
        page = clerk.get(done.url)
    batch.refresh_from_db()
    assert f"可转换 {batch.rows_convert} 行" in text_of(page)
    assert "抽看几行" in text_of(page)
    asked = clerk.get(address("stock-submit", batch))
    assert "提交这份清单，请人签批" in text_of(asked)
    batch.refresh_from_db()
    assert batch.state == "CHECKED"
    clerk.post(address("stock-submit", batch), {"confirmed": "yes"})
    batch.refresh_from_db()
    assert batch.state == "SUBMITTED"
    with django_assert_max_num_queries(30):
        page = signatory.get(address("stock-sign-off", batch))
    assert f"签批这份清单，转换 {batch.rows_convert} 行？" in text_of(page)
    assert f"批准用印 {batch.rows_convert} 次" in text_of(page)
    signatory.post(address("stock-sign-off", batch), {"confirmed": "yes"})
    page = clerk.get(address("stock-sheet", batch))
    assert 'hx-trigger="every 2s"' in text_of(page)
    assert converting.convert_waiting() == batch.rows_convert
    assert "份已签章生效" in text_of(clerk.get(address("stock-progress", batch)))
    producing.produce_waiting()
    ended = clerk.get(address("stock-progress", batch))
    assert ended["HX-Redirect"] == address("stock-sheet", batch)
    page = text_of(clerk.get(address("stock-sheet", batch)))
    assert "转换完成" in page
    assert "hx-trigger" not in page
    assert Licence.objects.filter(state="IN_FORCE").count() == batch.rows_convert


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "照片.csv", "不是表格"),
        (b"a,b\n1,2\n", "空表.csv", "没有找到列名"),
        (b"PK\x03\x04broken", "坏.xlsx", "已经损坏|不正常"),
    ],
)
def test_upload_when_it_is_no_sheet_then_the_field_says_so_and_nothing_is_kept(
    cast, entry, data, name, sentence
):
    page = upload(cast.client(CLERK), entry, data, name)
    assert page.status_code == 422
    (error,) = page.context["form"].errors["file"]
    assert any(part in error for part in sentence.split("|"))
    assert "原有数据没有变" in error
    assert not StockBatch.objects.exists()


def test_upload_when_it_has_a_formula_then_the_cell_is_named(cast, entry):
    book = Workbook()
    book.active.append(["行政相对人名称", "统一社会信用代码", "许可编号"])
    book.active.append(["样例", "=A1", "JY1"])
    out = io.BytesIO()
    book.save(out)
    page = upload(cast.client(CLERK), entry, out.getvalue(), "公式.xlsx")
    assert "B2 格是公式" in page.context["form"].errors["file"][0]
    assert not StockBatch.objects.exists()


def test_upload_when_it_has_a_password_then_it_says_so(cast, entry):
    # A compound file that names the stream of an encrypted workbook (MS-OFFCRYPTO 2.3.4.4).
    data = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16le")
    page = upload(cast.client(CLERK), entry, data, "加密.xlsx")
    assert page.context["form"].errors["file"] == [
        "“加密.xlsx”有打开密码。去掉密码再传；原有数据没有变"
    ]
    assert not StockBatch.objects.exists()


def test_upload_when_it_is_too_large_then_it_is_refused_unread(cast, entry, monkeypatch):
    monkeypatch.setattr("licences.stock.pages.forms.TEXT_BYTES", 1000)
    monkeypatch.setattr(checking, "take_in", None)  # reading it on would be an error
    page = upload(cast.client(CLERK), entry, content(SMALL), "大.csv")
    assert page.status_code == 422
    assert "有 1 MB，超过" in page.context["form"].errors["file"][0]
    assert refusals.TEXT_BYTES == 64 * 1024 * 1024


def test_upload_when_the_file_came_before_then_the_field_says_when(cast, entry):
    clerk = cast.client(CLERK)
    assert upload(clerk, entry, content(SMALL)).status_code == 302
    page = upload(clerk, entry, content(SMALL), "又一次.csv")
    assert page.context["form"].errors["file"] == ["这个文件已经上传过，不用再传"]
    assert StockBatch.objects.count() == 1


def test_upload_when_the_headings_stand_in_a_given_row_then_it_is_taken_in(cast, entry):
    clerk = cast.client(CLERK)
    data = "甲,乙,丙\n一,二,三\n四,五,六\n".encode()
    assert upload(clerk, entry, data).status_code == 422
    assert upload(clerk, entry, data, heading_row="1").status_code == 302
    page = clerk.get(address("stock-columns", StockBatch.objects.get()))
    assert [one["field"].label for one in page.context["columns"]] == ["甲", "乙", "丙"]
    assert page.context["columns"][0]["samples"] == ["一", "四"]


def test_columns_when_numbers_of_people_are_shown_then_they_are_masked(cast, entry):
    clerk = cast.client(CLERK)
    upload(clerk, entry, content(LARGE), LARGE)
    page = text_of(clerk.get(address("stock-columns", StockBatch.objects.get())))
    assert "140502195707174439" not in page
    assert "140502********4439" in page


def test_columns_when_two_are_the_same_or_one_is_missing_then_the_form_says_so(cast, entry):
    clerk = cast.client(CLERK)
    upload(clerk, entry, content(SMALL))
    where = address("stock-columns", StockBatch.objects.get())
    chosen = {field.name: field.value() or "" for field in clerk.get(where).context["form"]}
    page = clerk.post(where, {**chosen, "column_22": "number"})
    assert page.context["form"].errors == {
        "column_22": ["与“许可编号”选成了同一项。一项只能用一列"]
    }
    page = clerk.post(where, {**chosen, "column_0": ""})
    assert page.status_code == 422
    assert "还没有对上这些列：行政相对人名称" in text_of(page)
    assert StockBatch.objects.get().state == "READ"


def test_sheet_when_narrowed_down_then_only_those_rows_stand_there(cast, entry):
    batch = checked(cast, entry)
    clerk = cast.client(CLERK)
    page = clerk.get(address("stock-sheet", batch), {"outcome": "fault", "fault": "too_long"})
    assert {shown.row.fault for shown in page.context["rows"]} == {"too_long"}
    assert "超过规定长度" in text_of(page)
    page = clerk.get(address("stock-sheet", batch))
    assert len(page.context["rows"]) == 50
    after = clerk.get(address("stock-sheet", batch), {"page": page.context["page"].after})
    assert after.context["rows"][0].row.row_number == page.context["rows"][-1].row.row_number + 1


@pytest.mark.article("M.25")
def test_faulty_rows_when_downloaded_then_the_file_opens_and_the_export_is_recorded(cast, entry):
    batch = checked(cast, entry)
    clerk = cast.client(CLERK)
    assert clerk.get(address("stock-faults", batch)).status_code == 405
    answer = clerk.post(address("stock-faults", batch))
    assert "attachment" in answer["Content-Disposition"]
    page = load_workbook(io.BytesIO(answer.content)).active
    assert page.max_row == batch.rows_fault + 1
    record = Record.objects.get(action="list_exported")
    assert (record.subject_key, record.facts["rows"]) == (str(batch.uuid), batch.rows_fault)


@pytest.mark.article("M.25")
@pytest.mark.parametrize(
    "name", ["stock-sheet", "stock-columns", "stock-progress", "stock-submit", "stock-drop",
             "stock-sign-off"],
)  # fmt: skip
def test_page_when_a_neighbour_asks_then_there_is_nothing(cast, entry, name):
    batch = submitted(cast, entry)
    who = "market.signatory" if name == "stock-sign-off" else "market.clerk"
    assert cast.client(who).get(address(name, batch)).status_code == 404


def test_verb_when_a_neighbour_or_the_wrong_role_posts_then_it_is_refused(cast, entry):
    batch = submitted(cast, entry)
    yes = {"confirmed": "yes"}
    market = cast.client("market.clerk")
    assert market.post(address("stock-drop", batch), yes).status_code == 404
    assert market.post(address("stock-faults", batch)).status_code == 404
    clerk = cast.client(CLERK)
    assert clerk.post(address("stock-sign-off", batch), yes).status_code == 403
    assert cast.client("bureau.reviewer").get(reverse("licences:stock")).status_code == 403
    assert Record.objects.using(REFUSALS).filter(
        action="sheet_signed_off", outcome="refused"
    ).count() == 1  # fmt: skip
    batch.refresh_from_db()
    assert batch.state == "SUBMITTED"


@pytest.mark.article("M.7")
@pytest.mark.parametrize("is_mapper", [False, True])
def test_sign_off_when_asked_for_by_a_hand_on_it_then_the_page_says_why_not(cast, entry, is_mapper):
    batch = submitted(cast, entry)
    own = cast.account(SIGNATORY)
    worked = {"hands": [own.pk]} if is_mapper else {"received_by": own}
    StockBatch.objects.filter(pk=batch.pk).update(**worked)
    signatory = cast.client(SIGNATORY)
    page = signatory.get(address("stock-sign-off", batch))
    assert checking.SAME_HANDS in text_of(page)
    assert "签批并转换" not in text_of(page)
    refused = signatory.post(address("stock-sign-off", batch), {"confirmed": "yes"})
    assert refused.status_code == 422
    assert checking.SAME_HANDS in text_of(refused)


def test_sheet_when_sent_back_then_the_clerk_reads_why(cast, entry):
    batch = submitted(cast, entry)
    signatory = cast.client(SIGNATORY)
    page = signatory.post(address("stock-sign-off", batch), {"act": "send_back", "remarks": " "})
    assert page.status_code == 422
    assert "还没有写退回意见" in text_of(page)
    signatory.post(
        address("stock-sign-off", batch), {"act": "send_back", "remarks": "第 5 行对不上"}
    )
    assert "退回意见：第 5 行对不上" in text_of(
        cast.client(CLERK).get(address("stock-sheet", batch))
    )
    assert "退回修改" in text_of(cast.client(CLERK).get(reverse("licences:stock")))


def test_conversion_when_stopped_and_resumed_on_the_page_then_it_says_so(cast, entry):
    batch = signed_off(cast, entry)
    signatory = cast.client(SIGNATORY)
    signatory.post(address("stock-stop", batch))
    page = text_of(signatory.get(address("stock-sheet", batch)))
    assert "转换已暂停" in page
    assert "hx-trigger" not in page
    assert converting.convert_waiting() == 0
    signatory.post(address("stock-resume", batch))
    assert converting.convert_waiting() == batch.rows_convert


def test_sheet_when_dropped_then_the_page_asks_first_and_the_rows_are_gone(cast, entry):
    batch = checked(cast, entry)
    clerk = cast.client(CLERK)
    assert "作废“" in text_of(clerk.get(address("stock-drop", batch)))
    assert batch.rows.exists()
    clerk.post(address("stock-drop", batch), {"confirmed": "yes"})
    assert not batch.rows.exists()
    assert "这份清单已经作废" in text_of(clerk.get(address("stock-sheet", batch)))


def test_list_when_empty_or_filtered_then_it_says_so_in_words(cast, entry):
    clerk = cast.client(CLERK)
    assert "还没有许可清单" in text_of(clerk.get(reverse("licences:stock")))
    checked(cast, entry)
    assert SMALL in text_of(clerk.get(reverse("licences:stock")))
    page = clerk.get(reverse("licences:stock"), {"state": "CONVERTED"})
    assert "没有到这一步的清单" in text_of(page)
    neighbour = cast.client("market.clerk").get(reverse("licences:stock"))
    assert SMALL not in text_of(neighbour)


@pytest.mark.parametrize(
    ("first", "seconds", "words"),
    [
        (200, 5, "约 5 秒后完成　每秒约 91 份"),
        (655, 5, ""),
        (200, 0, ""),
        (645, 60, "约 43 分钟后完成　每分钟约 10 份"),
    ],
)
def test_rest_of_a_conversion_is_said_from_what_was_seen(first, seconds, words):
    reached = Progress(total=1080, entered=1080, sealed=655, trouble="")
    assert stock_lines.rest_of(reached, first, seconds) == words
