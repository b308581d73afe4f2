"""A stand-in city as a process of its own, and sealed files that it can believe."""

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from sample_county.issuing import CertificateUse, build_crl
from seals.crypto.software_key import SoftwareKey
from seals.documents.ofd import seal_package
from seals.documents.package import Package
from tests.seals.conftest import STAMP, certified, make_seal
from zezhou_portal.exchange.city.http import HttpCityLicences
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.identifiers import LicenceIdentifier

SECRET = "test-run-city"
ISSUER = "11140525631706691G"
TYPE = "11100000MB0143028R001"
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Sealer:
    """A small authority valid now, and one department's seal."""

    signer: SoftwareKey
    seal: bytes

    def file(self, identifier: str) -> bytes:
        """A sealed OFD that carries an identifier."""
        return seal_package(
            _page(identifier),
            stamps=[STAMP],
            seal_der=self.seal,
            signer=self.signer,
            signed_at=clock.now() - timedelta(minutes=1),
        ).to_zip()


def make_sealer(trust: Path) -> Sealer:
    """Makes the authority; its root and lists go where the city looks for them."""
    start, end = clock.now() - timedelta(days=2), clock.now() + timedelta(days=2)
    span = {"start": start, "end": end}
    root = certified("测试根证书", CertificateUse.ROOT, None, 1, **span)
    middle = certified("测试中级证书", CertificateUse.INTERMEDIATE, root, 2, **span)
    maker = certified("测试制章单位", CertificateUse.SIGNER, middle, 3, **span)
    signer = certified("泽州县市场监督管理局", CertificateUse.SIGNER, middle, 4, **span)
    for folder in ("roots", "intermediates", "crls"):
        (trust / folder).mkdir(parents=True, exist_ok=True)
    (trust / "roots" / "root.pem").write_bytes(root.certificate_der)
    (trust / "intermediates" / "middle.pem").write_bytes(middle.certificate_der)
    for key in (root, middle):
        listed = build_crl(number=1, this_update=start, next_update=end, revoked=(), issuer=key)
        (trust / "crls" / f"{key.label}.crl").write_bytes(listed)
    return Sealer(signer, make_seal(maker, signer, start=start, end=end))


def _page(identifier: str) -> Package:
    ofd = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return Package(
        {
            "OFD.xml": (
                f'<?xml version="1.0" encoding="UTF-8"?>\n<ofd:OFD {ofd} Version="1.0" '
                'DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
                f'<ofd:CustomDatas><ofd:CustomData Name="ZZBS">{identifier}</ofd:CustomData>'
                "</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
                "</ofd:DocBody></ofd:OFD>"
            ).encode(),
            "Doc_0/Document.xml": (
                f"<ofd:Document {ofd}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID>"
                "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
                '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
                "</ofd:Pages></ofd:Document>"
            ).encode(),
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {ofd}/>".encode(),
        }
    )


def identifier(serial: int, version: int = 1, issuer: str = ISSUER) -> str:
    """A licence identifier of the test's department."""
    return str(LicenceIdentifier(TYPE, issuer, f"{serial:08}", version))


def metadata(zzbs: str, **changes: Any) -> dict[str, Any]:
    """The twelve basic elements of a licence."""
    return {
        "ZZMC": "食品经营许可证", "ZZLXDM": TYPE, "ZZBH": "JY11405250000001", "ZZBS": zzbs,
        "ZZBFJG": "泽州县市场监督管理局", "ZZBFJGDM": ISSUER, "ZZBFRQ": "2026-11-18",
        "CZZT": "泽州县样例超市", "CZZTDM": "91140525MA0EXAMPLE", "CZZTDMLX": "统一社会信用代码",
        "ZZYXQQSRQ": "2026-11-18", "ZZYXQJZRQ": "2031-11-17", **changes,
    }  # fmt: skip


@cache
def _tls() -> ssl.SSLContext:
    """Read once: making one takes longer than the questions, of which a wait asks many."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass
class StandIn:
    """The running stand-in."""

    process: subprocess.Popen[bytes]
    address: str

    def get(self, path: str) -> dict[str, Any]:
        return httpx.get(f"{self.address}{path}", trust_env=False, verify=_tls()).json()

    def control(self, **switches: Any) -> None:
        answer = httpx.post(
            f"{self.address}/control", json=switches, trust_env=False, verify=_tls()
        )
        assert answer.status_code == 200, answer.text

    def held(self) -> dict[str, tuple[int, str, str]]:
        """What it holds: identifier to version, digest and state."""
        listed = self.get("/licences?limit=5000")["licences"]
        return {one["identifier"]: (one["version"], one["digest"], one["state"]) for one in listed}

    def line(self) -> HttpCityLicences:
        return HttpCityLicences(self.address, SECRET)

    def stop(self) -> None:
        self.process.terminate()
        assert self.process.wait(timeout=10) == 0


def start(folder: Path, trust: Path, portal: str, *options: str, port: int = 0) -> StandIn:
    """Starts a stand-in and waits until it serves."""
    log = (folder / "city.log").open("ab")
    process = subprocess.Popen(
        [
            sys.executable, "-m", "sample_county.city", "--port", str(port),
            "--store", str(folder / "city.sqlite3"), "--portal", portal, "--trust", str(trust),
            "--delay", "0", "--repeat-every", "0", *options,
        ],
        cwd=ROOT, env={**os.environ, "CITY_SHARED_SECRET": SECRET}, stderr=log,
    )  # fmt: skip
    log.close()

    def serving() -> str:
        text = (folder / "city.log").read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if " serving " in line]
        return lines[-1].rsplit("port=", 1)[1] if lines else ""

    (folder / "city.log").touch()
    told = until(serving)
    return StandIn(process, f"http://127.0.0.1:{told}")


def until(question: Callable[[], Any], seconds: float = 20.0) -> Any:
    """The first true answer; fails after a while with the last one."""
    end = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < end, f"never came true: {answer!r}"
        time.sleep(0.02)
    return answer
