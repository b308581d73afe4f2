"""File verdicts and reading copies a second, one process."""

from licences.models import LicenceFile
from licences.production import rendering
from licences.register import producing
from scripts.lib import bench_register
from scripts.lib.bench_clock import per_second
from usage.verifying.file_verdicts import verify_file
from zezhou_portal.kernel import files


def measure() -> dict[str, float]:
    """Verdicts on one of our own files, and its reading copy as PDF."""
    bench_register.enter(1, mark="f")
    while producing.produce_waiting():
        pass
    file = LicenceFile.objects.select_related("version").latest("pk")
    data = files.read(file.digest)
    if verify_file(data, file_name="a.ofd").verdict != "passed":
        raise SystemExit("the file to measure with does not pass")
    entry = rendering.entry_of(file.version)
    return {
        "file_verdicts_per_second": per_second(lambda: verify_file(data, file_name="a.ofd")),
        "bare_file_digests_per_second": per_second(lambda: files.digest(data)),
        "reading_copies_per_second": per_second(
            lambda: rendering.copy_of(file.version, entry), seconds=4, least=5
        ),
    }
