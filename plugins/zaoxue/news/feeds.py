"""Addresses of articles on a page that lists them: a list page, RSS or Atom, a sitemap; told by what it is."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

_LINK = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_ARTICLE = re.compile(r"\.s?html?$|\.txt$|/\d{4,}|content|detail|art", re.IGNORECASE)
_KIND = re.compile(r"<(?:\w+:)?(rss|rdf|feed|urlset|sitemapindex)[\s>]", re.IGNORECASE)


def kind_of(page: str) -> str:
    """`rss` (Atom and RDF too), `sitemap`, `sitemap_index` or `list`."""
    found = _KIND.search(page[:2000])
    kinds = {"rss": "rss", "rdf": "rss", "feed": "rss", "urlset": "sitemap", "sitemapindex": "sitemap_index"}
    return kinds[found[1].lower()] if found else "list"


def article_links(page: str, address: str) -> list[str]:
    """Links of `page` (at `address`) to articles on its own host, in order, each once.

    Everything that RSS, Atom or a sitemap names is an article; of a list page only what looks like one.
    """
    kind = kind_of(page)
    raw = _LINK.findall(page) if kind == "list" else _xml_links(page, kind)
    host = _host(address)
    links: dict[str, None] = {}
    for href in raw:
        link = urljoin(address, href.replace("&amp;", "&").strip()).split("#")[0]
        parts = urlsplit(link)
        named = kind != "list" or _ARTICLE.search(parts.path)
        if parts.scheme in ("http", "https") and _host(link) == host and link != address and named:
            links[link] = None
    return list(links)


def _host(address: str) -> str:
    parts = urlsplit(address)
    return (parts.hostname or "").removeprefix("www.") + (f":{parts.port}" if parts.port else "")


def _xml_links(page: str, kind: str) -> list[str]:
    """Read with a parser that knows no entities and no network: a feed is written by somebody else."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", page)
    root = etree.fromstring(text.encode("utf-8"), parser)
    if root is None:
        return []
    links: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname
        parent = element.getparent()
        inside = etree.QName(parent).localname if parent is not None and isinstance(parent.tag, str) else ""
        if kind == "rss" and name == "link" and inside in ("item", "entry"):
            if element.get("rel", "alternate") == "alternate":
                links.append(element.get("href") or element.text or "")
        elif kind != "rss" and name == "loc":
            links.append(element.text or "")
    return links
