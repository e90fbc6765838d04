"""`make bench-news`: what reading articles costs on one core. CPU seconds of this process, best of three."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

from tests.unit.news import damage
from tests.unit.news.labelled import FIXTURE, labelled_articles

_MEGABYTE = 1_000_000


def _cost(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _damaged(text: str) -> str:
    plain = damage.traditional(text)
    rng = random.Random(1)
    noted = "".join(c for c in sorted(set(plain)) if "\u4e00" <= c <= "\u9fff" and rng.random() < 0.2)
    return damage.narrow_signs(damage.annotate(plain, noted))


def main() -> None:
    """Print start-up, the cost of a megabyte clean and damaged, and of one article."""
    started = time.process_time()
    from zaoxue.news import PlaceIndex, read_article

    places = PlaceIndex.load()
    articles = [a.text for path in (FIXTURE, FIXTURE.with_name("labelled_later.txt")) for a in labelled_articles(path)]

    def read(text: str) -> object:
        return read_article(text.encode(), source="bench", uri="bench", places=places)

    read(_damaged(articles[0]))
    print(f"start-up and the first article  {time.process_time() - started:6.2f} s")
    rng = random.Random(2)
    for name, texts in (("clean", articles), ("damaged", list(map(_damaged, articles)))):
        size = sum(len(t.encode()) for t in texts)
        whole = min(_cost(lambda texts=texts: [read(t) for t in texts]) for _ in range(3)) / size * _MEGABYTE
        each = sorted(min(_cost(lambda t=t: read(t)) for _ in range(3)) for t in texts)
        # Other digits in each copy: a sentence that was read already costs nothing.
        long = "\n".join(re.sub(r"[1-9]", lambda m: rng.choice("123456789"), t) for t in texts * 30)[:370_000]
        print(
            f"{name:8} 1 MB of articles {whole:6.2f} s   one article, median {each[len(each) // 2] * 1000:4.0f} ms,"
            f" slowest {each[-1] * 1000:4.0f} ms   one text of 1 MB {_cost(lambda long=long: read(long)):6.2f} s"
        )


if __name__ == "__main__":
    main()
