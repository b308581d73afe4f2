"""The test run: nothing eager, fixed keys, a real PostgreSQL and a real Redis."""

import os
import tempfile
from pathlib import Path

from zezhou_portal.settings import env

# `scripts/services up` leaves the addresses of this checkout's private servers here, so that
# pytest alone finds them too. Read before base, which asks for them.
env.keep(
    Path(__file__).resolve().parent.parent.parent / "var" / "services.env",
    ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"),
)
# In a run that is split over several processes each has a Redis database of its own, as
# pytest-django gives each a PostgreSQL database: 0 is the demo's, 1 a run's in one process, 2 the
# browser's. What a test starts in turn finds the same one in its environment.
if _process := os.environ.get("PYTEST_XDIST_WORKER"):
    _redis = env.text("REDIS_URL", "redis://localhost:6379/0")
    os.environ["REDIS_URL"] = env.redis_database(_redis, 3 + int(_process.removeprefix("gw")))

from zezhou_portal.settings.base import *  # noqa: E402, F403
from zezhou_portal.settings.base import DATABASES, INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "sample_county.apps.SampleCountyConfig"]
# A test sets the clock as it likes; those of the comparison switch it on.
PORTAL_CLOCK_SECONDS = 0
SECRET_KEY = "test-run-only"  # noqa: S105
# A test names the services that it signs in through.
PORTAL_IDENTITY = {}
CITY_SHARED_SECRET = "test-run-city"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files straight from their folders: nothing is collected for a test run.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
_SCRATCH = Path(tempfile.gettempdir()) / f"zezhou-portal-test-{os.getpid()}"
PORTAL_FILES = _SCRATCH / "files"
PORTAL_KEYS = _SCRATCH / "keys"
PORTAL_UPLOADS = _SCRATCH / "uploads"
FILE_UPLOAD_TEMP_DIR = str(PORTAL_UPLOADS)
# Test databases are made by the owner's role; what the runtime role may do is tested by asking
# as that role (tests/conftest.py, `as_role`).
if _owner := env.text("DATABASE_OWNER_URL", ""):
    for _alias in DATABASES.values():
        _alias.update(env.database(_owner))
        # The rows of a test need not outlast the machine: no commit waits for the disk.
        if isinstance(_options := _alias["OPTIONS"], dict):
            _options.setdefault("options", "-c synchronous_commit=off")
# One test database a run, so that several runs on one machine do not meet.
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("PORTAL_TEST_DATABASE", "test_portal")}
