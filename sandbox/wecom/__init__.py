"""A strict local WeCom (企业微信): one corp with its directory, one self-built app, the members' phones."""

from sandbox.wecom.app import WeCom
from sandbox.wecom.model import Cut, Drop, Lost

__all__ = ["Cut", "Drop", "Lost", "WeCom"]
