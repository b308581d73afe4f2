"""Where keys, certificates and trusted roots lie on disk, outside the database.

passphrase                        opens every key of the folder; readable by its owner only
authority/NAME.key, NAME.pem      the sample authority: root, intermediate, maker
trust/roots/*.pem                 what the portal trusts
trust/intermediates/*.pem
trust/crls/*.crl
departments/CREDIT_CODE/          certificate.pem, key.pem (encrypted PKCS#8), seal.esl
"""

import os
import re
import time
from functools import lru_cache
from pathlib import Path

from seals.crypto.certificates import from_pem
from seals.crypto.port import KeyUnavailable
from seals.crypto.software_key import SoftwareKey
from seals.crypto.trust import TrustStore

PASSPHRASE = "passphrase"  # noqa: S105 (the name of a file)
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


def load_trust(folder: Path) -> TrustStore:
    """Read the trusted roots, known intermediates and lists of revoked certificates.

    Kept in this process until one of the files changes, comes or goes.
    Raises BadCertificate for a file that is damaged; an empty folder trusts nobody.
    """
    return _trusted(
        _state(f"{folder}/trust/roots", ".pem"),
        _state(f"{folder}/trust/intermediates", ".pem"),
        _state(f"{folder}/trust/crls", ".crl"),
    )


_State = tuple[tuple[str, int, int], ...]


# What lies in a folder, by when a name last came to it or went: the time that people can set,
# and the one that the system sets itself.
_listed: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {}
# A folder that was touched so short a time ago is listed anew: its clock ticks no finer (ours).
_SETTLED_AFTER = 2_000_000_000


def _state(folder: str, ending: str) -> _State:
    """What lies in a folder and when it was last written: asked at every verification."""
    # in plain words of the system: a listing costs several times what all these questions do
    try:
        state = os.stat(folder)  # noqa: PTH116
    except FileNotFoundError:
        return ()
    touched = state.st_mtime_ns, state.st_ctime_ns
    known = _listed.get(folder)
    if known is None or known[0] != touched:
        names = sorted(one for one in os.listdir(folder) if one.endswith(ending))  # noqa: PTH208
        known = touched, tuple(f"{folder}/{name}" for name in names)
        _listed.pop(folder, None)
        if time.time_ns() - max(touched) > _SETTLED_AFTER:
            _listed[folder] = known
    found = [(path, os.stat(path)) for path in known[1]]  # noqa: PTH116
    return tuple((path, one.st_mtime_ns, one.st_size) for path, one in found)


@lru_cache(maxsize=8)
def _trusted(roots: _State, intermediates: _State, crls: _State) -> TrustStore:
    def read(files: _State) -> tuple[bytes, ...]:
        return tuple(from_pem(Path(path).read_bytes()) for path, _, _ in files)

    return TrustStore(read(roots), read(intermediates), read(crls))


def department_folder(folder: Path, credit_code: str) -> Path:
    """Give where a department's key lies.

    Raises KeyUnavailable for a text that is no credit code.
    """
    if _CREDIT_CODE.fullmatch(credit_code) is None:
        raise KeyUnavailable(f"“{credit_code}”不是统一社会信用代码，找不到对应的密钥。")
    return folder / "departments" / credit_code


def read_passphrase(folder: Path) -> bytes:
    """Give what opens the keys of the folder.

    Raises KeyUnavailable when the file is missing, empty or readable by others.
    """
    path = folder / PASSPHRASE
    try:
        mode = path.stat().st_mode
        passphrase = path.read_bytes().strip()
    except OSError as error:
        raise KeyUnavailable("找不到密钥口令文件，不能签章。请先生成密钥。") from error
    if mode & 0o077:
        raise KeyUnavailable("密钥口令文件可被其他用户读取，拒绝使用。请将其权限改为仅本人可读。")
    if not passphrase:
        raise KeyUnavailable("密钥口令文件是空的，不能签章。")
    return passphrase


def open_key(folder: Path, credit_code: str) -> SoftwareKey:
    """Open a department's key; kept open in this process until one of its files changes.

    Raises KeyUnavailable with the reason in Chinese.
    """
    own = department_folder(folder, credit_code)
    key, certificate = own / "key.pem", own / "certificate.pem"
    try:
        state = (key.stat().st_mtime_ns, certificate.stat().st_mtime_ns)
    except OSError as error:
        raise KeyUnavailable(
            f"没有信用代码为{credit_code}的单位的签章密钥，不能签章。请先办理证书和密钥。"
        ) from error
    return _opened(folder, credit_code, state)


@lru_cache(maxsize=128)
def _opened(folder: Path, credit_code: str, _state: tuple[int, int]) -> SoftwareKey:
    own = department_folder(folder, credit_code)
    return SoftwareKey.load(own / "key.pem", own / "certificate.pem", read_passphrase(folder))


def read_seal(folder: Path, credit_code: str) -> bytes:
    """Give a department's seal as it was made.

    Raises KeyUnavailable when there is none.
    """
    try:
        return (department_folder(folder, credit_code) / "seal.esl").read_bytes()
    except OSError as error:
        raise KeyUnavailable(
            f"没有信用代码为{credit_code}的单位的电子印章，不能签章。请先制作印章。"
        ) from error
