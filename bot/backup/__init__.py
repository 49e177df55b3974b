"""Backups: what is in one, how it is packed, locked and looked at. The commands are in bot/commands."""
