"""`make demo`: the district lives by a clock that the page drives; whoever is played by hand is left alone."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import typer

from bot.demo.stage import BEGINS, DAY, ZONE, Stage, beside, staged
from bot.demo.switching import Switching
from sandbox.district import Size


async def practise(seed: int, folder: Path, port: int, channel: str, size: Size) -> None:
    """Until cancelled, everybody on one platform and the other beside it. Raises what ended the bot."""
    typer.echo("正在准备演练学区，约十秒……")
    async with staged(seed, folder, port, channel=channel, both=True, size=size) as stage:
        machine = beside(stage.storage, stage.clock, stage.config)
        stage.sandbox.on_join(Switching(stage, machine).join)
        stage.clock.speed = 1.0
        typer.echo(f"零报告演练：示范学区，{len(stage.people.schools)}所学校、{len(stage.people.classes)}个班。")
        typer.echo(f"请在浏览器打开：{stage.sandbox.page_url}")
        typer.echo("时间由网页上的“时间”控制；按 Ctrl-C 结束。数据只在本机，结束后删除。")
        days = asyncio.create_task(_days(stage))
        try:
            await stage.app.wait()
        finally:
            days.cancel()
            await stage.crowd.stop()


async def _days(stage: Stage) -> None:
    """Each following morning the crowd gets up again."""
    day = DAY
    while True:
        day += timedelta(days=1)
        await stage.clock.sleep_until(datetime.combine(day, BEGINS, ZONE))
        stage.crowd.begin(day)
