"""Joining and leaving: whose chat this is (binding), who is invited (invites), what befalls a chat (chats)."""

from handlers.enrol.binding import language, not_me, start, stranger
from handlers.enrol.chats import back, blocked, joined, link, lost, migrated, moved, removed, unblocked
from handlers.enrol.invites import invite, invite_admin, invites

__all__ = [
    "back",
    "blocked",
    "invite",
    "invite_admin",
    "invites",
    "joined",
    "language",
    "link",
    "lost",
    "migrated",
    "moved",
    "not_me",
    "removed",
    "start",
    "stranger",
    "unblocked",
]
