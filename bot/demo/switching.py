"""A person who is switched on the page to the other platform: known there by an invitation, or by the 通讯录."""

from bot.demo.stage import Stage, match
from bot.machine import Machine
from sandbox.crowd import Member


class Switching:
    """The crowd leaves whoever is switched to the one who plays them."""

    def __init__(self, stage: Stage, machine: Machine) -> None:
        self._stage = stage
        self._machine = machine

    async def join(self, person: int, platform: str) -> None:
        """Raises ValueError for who is on no roster."""
        member = next((one for one in self._stage.people.members if one.id == person), None)
        if member is None:
            raise ValueError("此人不在花名册里，机器人不会认识")
        self._stage.crowd.switched.add(person)
        if platform == "telegram":
            self._stage.crowd.join(member, self._stage.codes[member.number])
        else:
            await self._employed(member)

    async def _employed(self, member: Member) -> None:
        self._stage.crowd.employ([member])
        await match(self._stage, self._machine)
