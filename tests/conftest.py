"""What every test may ask for."""

from tests.databases import postgres, storage, storage_url

__all__ = ["postgres", "storage", "storage_url"]
