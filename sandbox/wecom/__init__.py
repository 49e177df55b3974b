"""A strict local WeCom (企业微信): one corp with its directory, one self-built app, the members' phones."""

from sandbox.wecom.aibot import PATH as AIBOT
from sandbox.wecom.app import WeCom
from sandbox.wecom.model import Cut, Department, Drop, GroupChat, Lost, Member

__all__ = ["AIBOT", "Cut", "Department", "Drop", "GroupChat", "Lost", "Member", "WeCom"]
