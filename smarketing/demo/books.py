"""What the demo says and how its people and companies are called: read from data/*.toml."""

import random
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("data")


@cache
def read(name: str) -> dict:
    """One of the data files."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def split(text: str) -> list[list[str]]:
    """`"佐伯 さえき|岸 きし"`, over any number of lines, as [["佐伯", "さえき"], ["岸", "きし"]]."""
    return [part.split() for part in text.replace("\n", "|").split("|") if part.strip()]


@dataclass
class Book:
    """The words of one lead's story: one language, and the figures this lead always names alike."""

    language: str
    rng: random.Random
    slots: dict = field(default_factory=dict)

    def __post_init__(self):
        self.slots = _slots(self.language, self.rng)

    @property
    def words(self) -> dict:
        return read(self.language)

    def say(self, *path: str) -> str:
        """One of the sentences at `path` ("facts", "budget"), with the lead's own figures in it."""
        found = self.words
        for name in path:
            found = found[name]
        return self.filled(self.rng.choice(found))

    def question(self) -> tuple[str, str]:
        """A question and the answer we give to it."""
        pair = self.rng.choice(self.words["questions"])
        return self.filled(pair["q"]), self.filled(pair["a"])

    def filled(self, sentence: str) -> str:
        return sentence.format(**self.slots)


def _slots(language: str, rng: random.Random) -> dict:
    machines = rng.choice((40, 60, 80, 120, 150, 180, 220, 320, 450))
    tens = rng.choice((120, 180, 240, 300, 360, 480, 600, 900))
    month = rng.randint(1, 12)
    names = "January February March April May June July August September October November December"
    japanese = language == "ja"
    return {
        "machines": machines,
        "n": rng.randint(3, 9),
        "money": f"{tens}万円" if japanese else f"{tens / 100:.1f} million yen",
        "month": f"{month}月" if japanese else names.split()[month - 1],
    }
