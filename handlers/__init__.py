"""DECIDES."""
