"""One article, from bytes to claims."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from zaoxue.news.cases import Case, find_cases
from zaoxue.news.claims import Claim, extract_claims
from zaoxue.news.locate import Locator
from zaoxue.news.main_text import drop_chrome, read_main_text, stories
from zaoxue.news.names import find_names, mask_names
from zaoxue.news.places import PlaceIndex
from zaoxue.news.repair import Edit, repair
from zaoxue.news.verdicts import NoArticle, digits_stripped


@dataclass(frozen=True)
class Article:
    """A mended article without names of people.

    `article_id` is stable from source and uri. `text` is mended and masked; claims' offsets are offsets in it.
    `unmended` are spans (start, end) of `text` that stayed lost. `titles` are the page's title and headings.
    """

    article_id: str
    source: str
    uri: str
    published_on: date | None
    titles: tuple[str, ...]
    text: str
    repairs: tuple[Edit, ...]
    unmended: tuple[tuple[int, int], ...]
    claims: tuple[Claim, ...]
    cases: tuple[Case, ...] = ()

    @property
    def version(self) -> str:
        """First 16 hex digits of SHA-256 over the mended text: another text is another version, reviewed again."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def article_id(source: str, uri: str) -> str:
    """First 32 hex digits of SHA-256 over source and address."""
    return hashlib.sha256(f"{source}\n{uri}".encode()).hexdigest()[:32]


def read_article(content: bytes, *, source: str, uri: str, places: PlaceIndex) -> Article:
    """Read one article: main text, repair, names masked, claims and cases.

    Raises NoArticle (a ValueError) if the bytes are too many or hold no article.
    """
    page = read_main_text(content, uri)
    if digits_stripped(page.body):
        raise NoArticle("digits_stripped")
    mended = repair(page.body)
    title = repair(page.title).text if page.title else ""
    body, chrome = drop_chrome(mended.text)
    names = find_names(f"{title}\n{body}")
    masked = mask_names(body, names)
    hint = "\n".join(part for part in (page.masthead, chrome, title) if part)
    claims: list[Claim] = []
    cases: list[Case] = []
    for start, end in stories(masked):
        locator = Locator(body[start:end], places, hint)
        cases += find_cases(body[start:end], names, locator, page.published_on, start)
        for claim in extract_claims(masked[start:end], locator, page.published_on):
            claims.append(_moved(claim, start))
    lost = tuple((at, at + 1) for at, c in enumerate(masked) if c == "\ufffd")
    first = masked.strip().split("\n", 1)[0].strip()
    titles = tuple(dict.fromkeys(t for t in (mask_names(title, names), first if len(first) <= 40 else "") if t))
    return Article(
        article_id(source, uri),
        source,
        uri,
        page.published_on,
        titles,
        masked,
        mended.edits,
        lost,
        tuple(claims),
        tuple(cases),
    )


def _moved(claim: Claim, by: int) -> Claim:
    from dataclasses import replace

    return replace(claim, start=claim.start + by, sentence_start=claim.sentence_start + by)
