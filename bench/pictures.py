"""The summary picture: what it takes when warm, and whether five hundred of them leave anything behind."""

import gc
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


def main(count: int) -> None:
    """135 schools on a bad day, the largest there is."""
    picture = samples()["135_schools_bad_day"]
    say = Words(picture.language).say
    process = psutil.Process()
    for _ in range(FIRST):
        draw_morning(picture, say)
    gc.collect()
    before = process.memory_info().rss
    took = []
    for _ in range(count):
        begun = time.perf_counter()
        draw_morning(picture, say)
        took.append(1000 * (time.perf_counter() - begun))
    gc.collect()
    grown = (process.memory_info().rss - before) / 2**20
    print(json.dumps({"picture_ms": statistics.median(took), "grown_mb": grown, "pictures": count}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
