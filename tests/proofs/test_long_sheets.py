"""Long sheets are read and judged within bounds of memory, measured in a process of their own.

A hundred thousand rows in 250 MB (scripts/prove memory), in the gate a tenth of them in 25 MB, beyond
what the process takes before it opens the sheet.
"""

import os
import subprocess
import sys
import zipfile
from xml.sax.saxutils import escape

import pytest

from tests.licences.stock.sheets.making import HEADINGS, ROOT, row
from tests.proofs.whole import is_whole
from zezhou_portal.regulation.identifiers import mod11_10

ROWS, MEGABYTES = (100_000, 250) if is_whole() else (10_000, 25)
_MEASURE = """
import sys
from collections import Counter
from pathlib import Path
import django
django.setup()
from licences.stock.sheets.headings import guess_mapping
from licences.stock.sheets.judging import RowJudge
from licences.stock.sheets.reading import open_sheet
from tests.licences.stock.sheets.making import ISSUER, TODAY, rules
def stands(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(l for l in lines if l.startswith(name)).split()[1]) // 1024
before = stands("VmRSS")
sheet = open_sheet(sys.argv[1], "清单")
fates = Counter()
for fate in RowJudge(rules(), ISSUER, TODAY, guess_mapping(sheet.headings)).judge_all(sheet.rows()):
    fates[fate.outcome] += 1
print(fates["convert"], stands("VmHWM") - before)
"""


def cells(serial):
    stem = f"1140525{serial:06}"
    return row(number=f"JY{stem}{mod11_10(stem)}", holder_name=f"样例便利店第{serial}号")


def write_text(path):
    with path.open("w", encoding="gb18030", newline="") as stream:
        stream.write(",".join(HEADINGS) + "\r\n")
        for serial in range(ROWS):
            stream.write(",".join(cells(serial)) + "\r\n")


def write_workbook(path):
    """A workbook whose every text is shared and its own: the costliest a reader can meet."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"

    def related(kind, target):
        return f'<Relationship Id="{kind}" Type="{relations}/{kind}" Target="{target}"/>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}">'
            f"{related('officeDocument', 'xl/workbook.xml')}</Relationships>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">{related("worksheet", "sheet.xml")}'
            f"{related('sharedStrings', 'texts.xml')}</Relationships>",
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {space} xmlns:r="{relations}"><sheets>'
            '<sheet name="许可" sheetId="1" r:id="worksheet"/></sheets></workbook>',
        )
        with archive.open("xl/sheet.xml", "w") as stream:
            stream.write(f"<worksheet {space}><sheetData>".encode())
            for line in range(ROWS + 1):
                first = line * len(HEADINGS)
                inside = "".join(
                    f'<c t="s"><v>{first + column}</v></c>' for column in range(len(HEADINGS))
                )
                stream.write(f"<row>{inside}</row>".encode())
            stream.write(b"</sheetData></worksheet>")
        with archive.open("xl/texts.xml", "w") as stream:
            stream.write(f"<sst {space}>".encode())
            for line in range(ROWS + 1):
                texts = cells(line - 1) if line else HEADINGS
                stream.write("".join(f"<si><t>{escape(text)}</t></si>" for text in texts).encode())
            stream.write(b"</sst>")


@pytest.mark.parametrize("write", [write_text, write_workbook])
def test_sheet_when_long_then_it_is_judged_within_bounds_of_memory(write, tmp_path):
    path = tmp_path / "清单"
    write(path)
    # A tracer of coverage would be measured too, and takes most of the time.
    own = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    output = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)],
        cwd=ROOT,
        env=own,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    converted, megabytes = map(int, output.split())
    assert converted == ROWS
    assert megabytes < MEGABYTES, megabytes
