"""The summary picture: what it takes when warm, and whether five hundred of them leave anything behind."""

import json
import statistics
import sys
import time
from typing import Final

import psutil

from bot.charts import draw_morning
from bot.texts import Words
from tests.charts.samples import samples

FIRST: Final = 20  # until the fonts and the allocator have what they keep
SOME: Final = 50


def main(count: int) -> None:
    """135 schools on a bad day, the largest there is."""
    picture = samples()["135_schools_bad_day"]
    say = Words(picture.language).say
    process = psutil.Process()
    for _ in range(FIRST):
        draw_morning(picture, say)
    took, held = [], []
    for _ in range(count):
        begun = time.perf_counter()
        draw_morning(picture, say)
        took.append(1000 * (time.perf_counter() - begun))
        held.append(process.memory_info().rss)
    # the most of some at either end: whether the allocator keeps one surface between two pictures is its own affair
    grown = (max(held[-SOME:]) - max(held[:SOME])) / 2**20
    print(json.dumps({"picture_ms": statistics.median(took), "grown_mb": grown, "pictures": count}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
