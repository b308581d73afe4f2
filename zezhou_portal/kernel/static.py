"""Where static files are found: worked out once for each, since every page names a dozen."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class KeptAddresses(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """The manifest's addresses, which stay as they are while a process runs."""

    @lru_cache(maxsize=1024)  # noqa: B019 (there is one storage, as long-lived as its process)
    def url(self, name: str | None, force: bool = False) -> str:  # noqa: FBT001, FBT002
        """The address of a static file, with its digest in the name."""
        address: str = super().url(name, force)
        return address
