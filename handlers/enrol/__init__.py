"""Joining and leaving: whose chat this is (binding), what a roll changes (duties), what is kept (privacy), who is
invited (invites), what befalls a chat (chats)."""

from handlers.enrol.binding import language, member, not_me, start, stranger
from handlers.enrol.chats import (
    acted,
    back,
    blocked,
    cards_due,
    entered,
    joined,
    link,
    lost,
    migrated,
    moved,
    removed,
    unblocked,
)
from handlers.enrol.duties import duties_changed
from handlers.enrol.invites import invite, invite_admin, invites
from handlers.enrol.privacy import privacy

__all__ = [
    "acted",
    "back",
    "blocked",
    "cards_due",
    "duties_changed",
    "entered",
    "invite",
    "invite_admin",
    "invites",
    "joined",
    "language",
    "link",
    "lost",
    "member",
    "migrated",
    "moved",
    "not_me",
    "privacy",
    "removed",
    "start",
    "stranger",
    "unblocked",
]
