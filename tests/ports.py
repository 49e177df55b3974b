"""Ports of this machine for programs under test."""

import socket


def free_port() -> int:
    """One of which this program lets go at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
