"""Why a file is refused as a permit sheet, in words for the person who chose it."""

from collections.abc import Sequence

MEGABYTE = 1024 * 1024
WORKBOOK_BYTES = 20 * MEGABYTE
TEXT_BYTES = 64 * MEGABYTE
ROWS = 200_000
COLUMNS = 256
CELL_CHARACTERS = 32_767  # what a spreadsheet cell can hold

_UNCHANGED = "；原有数据没有变"


class NotASheet(Exception):
    """A file that cannot be taken as a permit sheet: a code and a Chinese sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def refusal(code: str, filename: str, wrong: str, remedy: str) -> NotASheet:
    """The refusal that names the file, what is wrong, what to do and what has not changed."""
    return NotASheet(code, f"“{filename}”{wrong}。{remedy}{_UNCHANGED}")


def not_a_sheet(filename: str, what: str) -> NotASheet:
    """The refusal of a file of quite another sort (a picture, a document)."""
    return refusal(
        "not_a_sheet", filename, f"是{what}，不是表格", "请选 .xlsx 或 .csv 格式的许可清单"
    )


def save_as_workbook(code: str, filename: str, what: str) -> NotASheet:
    """The refusal of a spreadsheet in a format that is not read."""
    return refusal(code, filename, f"是{what}", "用 WPS 或 Excel 打开，另存为 .xlsx 再传")


def has_password(filename: str) -> NotASheet:
    """The refusal of an encrypted file."""
    return refusal("password", filename, "有打开密码", "去掉密码再传")


def too_large(filename: str, size: int, limit: int) -> NotASheet:
    """The refusal of a file above the limit; `size` and `limit` in bytes."""
    megabytes = -(-size // MEGABYTE)
    return refusal(
        "too_large",
        filename,
        f"有 {megabytes:,} MB，超过 {limit // MEGABYTE} MB",
        "分成几个文件再传",
    )


def too_many_rows(filename: str) -> NotASheet:
    """The refusal of a sheet with more rows than one batch takes."""
    return refusal("too_many_rows", filename, f"超过 {ROWS:,} 行", "分成几个文件再传")


def hostile(filename: str) -> NotASheet:
    """The refusal of a workbook built to exhaust or trick its reader."""
    return refusal(
        "unsafe",
        filename,
        "的内部结构不正常，打开它可能拖垮系统，没有读",
        "用 WPS 或 Excel 打开，把内容复制到新表格再传",
    )


def damaged(filename: str) -> NotASheet:
    """The refusal of a file that breaks off or contradicts itself."""
    return refusal("damaged", filename, "读到一半读不下去，可能已经损坏", "重新导出一份再传")


def empty(filename: str) -> NotASheet:
    """The refusal of a file without any row."""
    return refusal("empty", filename, "里没有内容", "请选有许可记录的表格")


def no_headings(filename: str, hidden: Sequence[str] = ()) -> NotASheet:
    """The refusal of a sheet whose heading row was not found; `hidden` tabs were not looked at."""
    aside = f"，隐藏的表（{'、'.join(hidden)}）没有读" if hidden else ""
    return refusal(
        "no_headings",
        filename,
        f"里没有找到列名（行政相对人名称、许可编号、有效期至等）{aside}",
        "在第一行写上列名，或指明列名在第几行，再传",
    )


def no_such_tab(filename: str, tab: str) -> NotASheet:
    """The refusal of a workbook that lacks the tab that was asked for."""
    return refusal("no_such_tab", filename, f"里没有“{tab}”这张表", "核对表名再传")


def formula(filename: str, tab: str, cell: str) -> NotASheet:
    """The refusal of a workbook that computes a cell; `cell` as spreadsheets name it (B7)."""
    return refusal(
        "formula",
        filename,
        f"的“{tab}”表 {cell} 格是公式，算出的值靠不住",
        "选中整张表，复制后“选择性粘贴为数值”，存好再传",
    )
