"""The main job on the sample county: a permit sheet and an application, to licences the city holds.

Every step does what it says or the command fails: nothing is simulated in this process. The
worker, the beat and the stand-in city are processes of their own.
"""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from tqdm import tqdm

from licences.applications import capturing, issuing, receiving, reviewing
from licences.models import Application, CatalogueEntry, Licence, LicenceFile, StockBatch
from licences.stock import checking
from sample_county.loading import parties as sample
from sample_county.loading.materials import excuse_materials
from sample_county.loading.presentation_walk import HolderAtPhone, refused, scanned, spoken, verify
from usage.verifying.file_verdicts import verify_file
from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock, files
from zezhou_portal.kernel.actors import Actor, Channel
from zezhou_portal.parties.holders import services as holders
from zezhou_portal.parties.models import Account, Holder
from zezhou_portal.parties.staff import officials

SHEET = settings.BASE_DIR / "sample_county" / "stock" / "food-licences-gb18030.csv"
FOOD = "食品经营许可证"
WATER = "取水许可证"
ENTERPRISE = ("泽州县下村镇清泉供水站（样例）", "91140525MA0000023A")
PATIENCE = 240  # seconds that the worker and the city may take


class Command(BaseCommand):
    """manage.py run_demo"""

    help = "Runs the main job on the sample county and prints what came of each step."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--quiet", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        self.quiet = bool(options["quiet"])
        batch = self._sheet()
        stock = Licence.objects.filter(stock_row__batch=batch)
        self._until("制证", batch.rows_done, lambda: _in_force(stock))
        self._until("市平台接收", batch.rows_done, lambda: _accepted(stock))
        application = self._application()
        own = Licence.objects.filter(application=application)
        self._until("制证", 1, lambda: _in_force(own))
        self._until("市平台接收", 1, lambda: _accepted(own))
        self._count(stock)
        self._verify(stock.order_by("pk")[:1].get())
        self._verify(own.get())
        self._show(own.get())
        self._accounts()

    def _say(self, words: str) -> None:
        self.stdout.write(f"  {words}")

    def _sheet(self) -> StockBatch:
        entry = CatalogueEntry.objects.get(name=FOOD, state="PUBLISHED")
        data = SHEET.read_bytes()
        self.stdout.write("许可清单 → 存量电子证照（办法第十条）")
        batch = StockBatch.objects.filter(
            entry=entry, file_digest=files.digest(data)
        ).exclude(state="DROPPED").first()  # fmt: skip
        clerk, signatory = _acting("approval.clerk"), _acting("approval.signatory")
        if batch is None:
            batch = checking.take_in(actor=clerk, entry=entry, file_name=SHEET.name, data=data)
        if batch.state in {"READ", "CHECKED"}:
            batch = checking.check(actor=clerk, batch=batch)
            batch = checking.submit(actor=clerk, batch=batch)
        if batch.state == "SUBMITTED":
            batch = checking.sign_off(actor=signatory, batch=batch)
        self._say(
            f"{batch.rows_total} 行：可转换 {batch.rows_convert}，"
            f"已不在有效期 {batch.rows_not_in_force}，有误 {batch.rows_fault}"
        )
        self._until("转换", batch.rows_convert, lambda: _rows_done(batch))
        batch.refresh_from_db()
        return batch

    def _application(self) -> Application:
        self.stdout.write("一件新办：收件 → 采集 → 审核 → 签发（办法第七条、第九条）")
        former = Application.objects.filter(
            entry__name=WATER, state="CONCLUDED", received_by__username="water.clerk"
        ).first()
        if former is not None:
            self._say(f"{former.number} 上次已经办结")
            return former
        clerk, reviewer = _acting("water.clerk"), _acting("water.reviewer")
        entry = CatalogueEntry.objects.select_related("issuing_department").get(
            name=WATER, state="PUBLISHED"
        )
        holder = _holder(clerk)
        application = receiving.receive(actor=clerk, entry=entry, holders=[holder], has_paper=True)
        self._say(f"{application.number} 收件：{holder.name}")
        application = capturing.capture(
            actor=clerk,
            application=application,
            revision=application.revision,
            typed={
                "holder_name": holder.name,
                "credit_code": ENTERPRISE[1],
                "legal_representative": "原泽民",
                "intake_site": "山西省晋城市泽州县下村镇下村村西三百米一号井",
                "intake_volume": "3.65",
                "purpose": "农村生活用水",
                "source_type": "地下水",
            },
            licence_number="",
            valid_from=application.valid_from,
            valid_until=application.valid_until,
            is_long_term=False,
        )
        application = excuse_materials(actor=clerk, application=application)
        application = receiving.submit(
            actor=clerk, application=application, revision=application.revision
        )
        application = reviewing.approve(
            actor=reviewer, application=application, revision=application.revision
        )
        self._say(f"采集、审核由两个人完成：{clerk.name}、{reviewer.name}")
        signatory = _acting("water.signatory")
        licence = issuing.issue(
            actor=signatory, application=application, revision=application.revision
        )
        self._say(f"{signatory.name}签发：{licence.number}，等制证")
        application.refresh_from_db()
        return application

    def _count(self, stock: "QuerySet[Licence]") -> None:
        """Each sound row once: in the register, as a file with the right digest, at the city."""
        registered = stock.count()
        digests = list(
            LicenceFile.objects.filter(version__licence__in=stock).values_list("digest", flat=True)
        )
        sound = sum(files.digest(files.read(digest)) == digest for digest in set(digests))
        held = _held_by_the_city(set(stock.values_list("identifier", flat=True)))
        self._say(f"核对：登记 {registered} 份，文件 {sound} 份，市平台 {held} 份")
        if not registered == sound == held:
            raise CommandError("登记、文件和市平台的份数不一致")

    def _verify(self, licence: Licence) -> None:
        file = LicenceFile.objects.get(version__licence=licence, version__no=licence.version_no)
        verdict = verify_file(files.read(file.digest), file_name=f"{licence.number}.ofd")
        if verdict.verdict != "passed":
            raise CommandError(f"{licence.number}的文件查验没有通过：{verdict.verdict}")
        self._say(f"查验 {licence.kind_name} {licence.number}：通过，{file.size // 1024} KB")

    def _show(self, licence: Licence) -> None:
        """A holder shows the licence on a phone; it is read by its number and by its picture."""
        self.stdout.write("亮证与核验：持证人出示，对方扫码（办法第二十条，方案第 2.3.3 项）")
        with HolderAtPhone() as phone:
            self._show_twice(phone, str(licence.uuid))

    def _show_twice(self, phone: HolderAtPhone, licence: str) -> None:
        phone.sign_in()
        self._say("法定代表人在样例身份服务登录，进入“我的证照”")
        for how, code_on in (("短码", spoken), ("二维码", scanned)):
            code = code_on(phone.show(licence))
            said = verify(code)
            self._say(
                f"{how}核验 {said.licence}：{said.words}（{said.number}，{said.answers} 项为是）"
            )
            if (again := refused(code)) != "code_used":
                raise CommandError(f"同一个码第二次没有被拒绝：{again}")
        self._say("同一个码再读一次：这个码已经用过")
        if "没有登录的人" not in phone.history(licence):
            raise CommandError("持证人的用证记录里没有这两次核验")
        self._say("持证人看得到谁在什么时候看过")

    def _accounts(self) -> None:
        self.stdout.write(f"地址 {settings.PORTAL_ADDRESS}")
        for one in sample.load_people():
            self._say(
                f"{one.username:<24}{one.department} {one.name}（{one.role}）"
                f"　密码 {one.password}　动态口令 {one.code}"
            )
        self._say("动态口令每 30 秒换一个；新的用 scripts/manage sample_codes 看")

    def _until(self, words: str, total: int, done: Callable[[], int]) -> None:
        """Waits with a progress bar until `done` reaches `total`; fails when patience ends."""
        give_up = time.monotonic() + PATIENCE
        with tqdm(
            total=total, desc=f"  {words}", disable=self.quiet, unit="份", mininterval=1, ascii=" ━"
        ) as bar:
            while True:
                count = done()
                bar.update(count - bar.n)
                if count >= total:
                    return
                if time.monotonic() > give_up:
                    raise CommandError(f"{words}：等了 {PATIENCE} 秒，只完成 {count}/{total}")
                time.sleep(0.3)


def _acting(username: str) -> Actor:
    account = Account.objects.select_related("department").get(username=username)
    postings = officials.live_postings(account, clock.today())
    return officials.official(account, account.department, postings, channel=Channel.COMMAND)


def _holder(clerk: Actor) -> Holder:
    name, code = ENTERPRISE
    return holders.enter_holder(
        actor=clerk,
        kind="legal_person",
        name=name,
        identity_type="001",
        identity_number=code,
    ).holder


def _held_by_the_city(identifiers: set[str]) -> int:
    """How many of the licences the stand-in city lists, each of them once."""
    found: list[str] = []
    after = ""
    with httpx.Client(base_url=settings.CITY_ADDRESS, timeout=20) as client:
        while True:
            answer = client.get("/licences", params={"after": after, "limit": 500}).json()
            rows = answer["licences"]
            if not rows:
                break
            found += [row["identifier"] for row in rows]
            after = rows[-1]["stem"]
    return len(identifiers & set(found))


def _rows_done(batch: StockBatch) -> int:
    return StockBatch.objects.values_list("rows_done", flat=True).get(pk=batch.pk)


def _in_force(rows: "QuerySet[Licence]") -> int:
    return int(rows.exclude(state="AWAITING_FILE").count())


def _accepted(rows: "QuerySet[Licence]") -> int:
    keys = [str(uuid) for uuid in rows.values_list("uuid", flat=True)]
    refused = Outbound.objects.filter(subject_key__in=keys, state="REFUSED").first()
    if refused is not None:
        raise CommandError(f"市平台退回 {refused.subject_label}：{refused.city_reason}")
    return Outbound.objects.filter(subject_key__in=keys, state="ACCEPTED").count()
