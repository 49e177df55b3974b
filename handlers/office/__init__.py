"""What the office asks: of the staff (staff), at a glance (overviews), by the admin's hand (admin)."""

from handlers.office.admin import bind, deaf_group, remind, summary, unbind, who
from handlers.office.overviews import late, today
from handlers.office.staff import help_, status

__all__ = ["bind", "deaf_group", "help_", "late", "remind", "status", "summary", "today", "unbind", "who"]
