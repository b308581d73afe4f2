"""Makes the SM2 authority for samples, and keys, certificates and seals for departments."""

import csv
from argparse import ArgumentParser
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sample_county.authority import Authority, Period, equip_department, open_authority
from seals.crypto.impressions import BadImpression
from seals.crypto.port import KeyUnavailable
from zezhou_portal.kernel import clock

_AUTHORITY_YEARS = 20


class Command(BaseCommand):
    """Makes what is missing and keeps what is there; a second run changes nothing."""

    help = "生成样例SM2证书颁发机构，并为各单位生成证书、密钥和电子印章（仅供演示和测试）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--departments", type=Path, help="单位清单CSV（name、credit_code列）")
        parser.add_argument("--impressions", type=Path, help="印模PNG所在文件夹（信用代码.png）")
        parser.add_argument("--start", type=date.fromisoformat, help="证书起始日，默认今天")
        parser.add_argument("--years", type=int, default=5, help="证书有效年数，默认5年")

    def handle(self, *_args: Any, **options: Any) -> None:
        start: date = options["start"] or clock.today()
        period = Period(
            start=_midnight(start, 0),
            authority_end=_midnight(start, _AUTHORITY_YEARS),
            end=_midnight(start, options["years"]),
        )
        try:
            authority = open_authority(Path(settings.PORTAL_KEYS), period)
            made, known = self._equip(authority, options["departments"], options["impressions"])
        except (KeyUnavailable, BadImpression, OSError) as error:
            raise CommandError(f"未能完成：{error}") from error
        self.stdout.write(f"样例颁发机构就绪；新配备{made}个单位，原已配备{known}个单位。")

    def _equip(
        self, authority: Authority, departments: Path | None, impressions: Path | None
    ) -> tuple[int, int]:
        made = known = 0
        for row in _rows(departments):
            code = row["credit_code"].strip()
            picture = impressions / f"{code}.png" if impressions else None
            data = picture.read_bytes() if picture is not None and picture.exists() else None
            is_new = equip_department(
                authority, name=row["name"].strip(), credit_code=code, impression=data
            )
            made, known = made + is_new, known + (not is_new)
        return made, known


def _midnight(day: date, years_later: int) -> datetime:
    try:
        later = day.replace(year=day.year + years_later)
    except ValueError:  # 29 February
        later = day.replace(year=day.year + years_later, day=28)
    return datetime.combine(later, time.min, tzinfo=clock.BEIJING)


def _rows(path: Path | None) -> list[dict[str, str]]:
    """Give the departments that use seals; a list without the column gives all."""
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and not {"name", "credit_code"} <= rows[0].keys():
        raise CommandError("单位清单缺少name或credit_code列。")
    return [row for row in rows if "seal" in (row.get("functions") or "seal").split()]
