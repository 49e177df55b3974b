"""Writes the sample pictures into a folder, to be looked at: `python -m tests.charts.show --out DIR`."""

import argparse
from pathlib import Path

from bot.charts import draw_morning
from bot.texts import Words
from tests.charts.samples import samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("names", nargs="*", help="only these samples")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, picture in samples().items():
        if not asked.names or name in asked.names:
            (asked.out / f"{name}.png").write_bytes(draw_morning(picture, Words(picture.language).say))


if __name__ == "__main__":
    main()
