"""Bytes of a page to its main text: encoding, date, chrome dropped, a digest split into its stories."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zaoxue.news.verdicts import NoArticle, is_login, is_spam, is_spam_line

MAX_BYTES = 5_000_000
_LEAST_HAN = 20


@dataclass(frozen=True)
class MainText:
    """`title` and `body` as on the page, `masthead` (site name, breadcrumbs, source line), the date if the page says."""

    title: str
    body: str
    masthead: str
    published_on: date | None


def decode(content: bytes) -> str:
    """Text of `content`: byte order mark, the charset that the page states, UTF-8, else what reads best.

    GB18030 decodes most of Big5 and UTF-16 without an error, so the share of everyday characters decides among them.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace")
    stated = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]+)", content[:4096], re.IGNORECASE)
    name = stated[1].decode("ascii", "replace").lower() if stated else ""
    told = _decoded(content, "gb18030" if name in ("gb2312", "gbk") else name) if name else None
    if told is not None and _common_share(told) >= _COMMON:
        return told
    if b"\0" not in content[:4096] and (text := _decoded(content, "utf-8")) is not None:
        return text
    others = [_decoded(content, other) for other in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")]
    read = [text for text in [told, *others] if text is not None]
    return max(read, key=_common_share) if read else content.decode("utf-8", "replace")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


_COMMON = 0.02
_EVERYDAY = frozenset("的一是在有人不了和为為业業就工上到年这這")


def _common_share(text: str) -> float:
    """Share of everyday characters among those that are no ASCII; 1 where there are none."""
    part = [c for c in text[:20_000] if not c.isascii()]
    return sum(c in _EVERYDAY for c in part) / len(part) if part else 1.0


_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|article|meta)\b", re.IGNORECASE)
_CHROME = re.compile(
    r"^(?:您?的?(?:当前|现在)?位置|当前位置|首页|手机阅读|返回首页|推荐阅读|相关(?:阅读|新闻|链接)|上一篇|下一篇|分享到?|打印|关闭|责任编辑|责编|编辑|总值班|来源|时间|发布时间|"
    r"发布日期|作者|点击|浏览|字体|扫一扫|版权|主办|承办|备案|联系我们|字号|审核|校对|监制|网站地图|热门|更多|(?:市州|街镇|乡镇|区县|基层|工作|新闻)动态$)"
)
_CRUMBS = re.compile(r">\s?>|»|\s>\s|＞|\|\s+返回")
_DATE = re.compile(r"((?:19|20)\d\d)\s?[-年/.]\s?(\d{1,2})\s?[-月/.]\s?(\d{1,2})")
_DATE_LINE = re.compile(r"(?:时间|日期|发布|发表|更新)[^\n\d]{0,6}" + _DATE.pattern)
_URI_DATE = re.compile(r"((?:19|20)\d\d)[-/]?(\d\d)[-/]?(\d\d)(?!\d)")


def _as_date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


def read_main_text(content: bytes, uri: str = "") -> MainText:
    """Main text of an HTML page or a plain text.

    Raises NoArticle for more than MAX_BYTES bytes, for a page with no text (a login page, a list of links), and for a
    mirror that wraps an article in advertising.
    """
    if len(content) > MAX_BYTES:
        raise NoArticle("too_large", len(content))
    text = decode(content).replace("\r\n", "\n").replace("\r", "\n")
    if is_spam(text):
        raise NoArticle("spam")
    if _MARKUP.search(text[:5000]):
        return _from_html(text, uri)
    return MainText("", text, "", _date_of(text, uri))


def _from_html(page: str, uri: str) -> MainText:
    import trafilatura  # 0.15 s: only for HTML
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # no signals: this runs in worker threads
    body = (
        trafilatura.extract(
            page, include_comments=False, include_tables=True, favor_recall=True, config=config, deduplicate=False
        )
        or ""
    )
    meta = trafilatura.extract_metadata(page)
    title = str(getattr(meta, "title", "") or "")
    site = str(getattr(meta, "sitename", "") or "")
    stated = _DATE.search(str(getattr(meta, "date", "") or ""))
    published = _as_date(*stated.groups()) if stated else _date_of(body, uri)
    if is_login(page, body):
        raise NoArticle("login")
    if len(re.findall(r"[一-鿿]", body)) < _LEAST_HAN:
        raise NoArticle("no_text")
    return MainText(title, body, site, published)


def _date_of(text: str, uri: str) -> date | None:
    """A date line of the text first; an address may carry the day it was copied."""
    line = _DATE_LINE.search(text)
    if line:
        return _as_date(*line.groups())
    head = _DATE.search(text[:300])
    if head and "\n" in text[:300]:
        first = text[: head.start()].rfind("\n")
        if len(text[first + 1 : head.start()].strip()) <= 8:  # a line that is little but the date
            return _as_date(*head.groups())
    address = _URI_DATE.search(uri)
    return _as_date(*address.groups()) if address else None


def drop_chrome(text: str) -> tuple[str, str]:
    """(article, chrome) of mended text: lines of navigation, credits and calls to read on are taken out."""
    kept, chrome = [], []
    for line in text.split("\n"):
        bare = line.strip()
        if is_spam_line(bare):
            continue
        if bare and len(bare) < 80 and (_CHROME.match(bare) or (_CRUMBS.search(bare) and "。" not in bare)):
            chrome.append(bare)
        else:
            kept.append(line)
    return "\n".join(kept).strip("\n"), "\n".join(chrome)


_SIGNED = re.compile(r"[（(](?:本刊|本报|本网)?(?:记者|通讯员|特约通讯员)[^（）()\n]{0,30}[）)]\s*(?:\n|$)")


def stories(text: str) -> list[tuple[int, int]]:
    """Spans of the stories of a page: a digest signs each of at least two; else the whole is one."""
    ends = [m.end() for m in _SIGNED.finditer(text)]
    if len(ends) < 2:
        return [(0, len(text))]
    starts = [0, *ends[:-1]]
    return [(s, e) for s, e in zip(starts, [*ends[:-1], len(text)], strict=True) if text[s:e].strip()]
