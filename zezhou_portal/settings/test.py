"""The test run: nothing eager, fixed keys, a real PostgreSQL and a real Redis."""

import os
import tempfile
from pathlib import Path

from zezhou_portal.settings.base import *  # noqa: F403
from zezhou_portal.settings.base import DATABASES

SECRET_KEY = "test-run-only"  # noqa: S105
CITY_SHARED_SECRET = "test-run-city"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
_SCRATCH = Path(tempfile.gettempdir()) / f"zezhou-portal-test-{os.getpid()}"
PORTAL_FILES = _SCRATCH / "files"
PORTAL_KEYS = _SCRATCH / "keys"
# One test database a run, so that several runs on one machine do not meet.
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("PORTAL_TEST_DATABASE", "test_portal")}
