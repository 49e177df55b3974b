"""A strict local WeCom (企业微信): one corp with its directory, one self-built app, the members' phones."""

from sandbox.wecom.app import WeCom
from sandbox.wecom.model import Cut, Department, Drop, GroupChat, Lost, Member

__all__ = ["Cut", "Department", "Drop", "GroupChat", "Lost", "Member", "WeCom"]
