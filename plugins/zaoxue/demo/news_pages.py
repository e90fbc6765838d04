"""The pages that articles of the demo are printed on: plain text, or a news site with its furniture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaoxue.demo.places import NEWS_SOURCE, PREFECTURES, PROVINCE_NAME

if TYPE_CHECKING:
    from zaoxue.demo.news import Article


def as_text(article: Article) -> str:
    """A plain page: title, day, paragraphs with the usual indent (unless it was lost)."""
    lines = [paragraph if paragraph.startswith("????") else f"　　{paragraph}" for paragraph in article.paragraphs]
    return "\n".join([article.title, f"{article.published_on:%Y-%m-%d}　来源：{NEWS_SOURCE[1]}", "", *lines, ""])


def as_html(article: Article, number: int, encoding: str) -> str:
    """A page with the furniture of a news site around the text."""
    day = article.published_on
    body = "\n".join(f"<p>　　{paragraph}</p>" for paragraph in article.paragraphs)
    return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="{encoding}">
<title>{article.title}_{NEWS_SOURCE[1]}</title>
<meta name="publishdate" content="{day:%Y-%m-%d}">
<link rel="canonical" href="https://yunze.example/{day:%Y/%m%d}/{number + 1:03d}.html">
</head>
<body>
<nav><a href="/">{NEWS_SOURCE[1]}</a> &gt; <a href="/news">{PROVINCE_NAME}新闻</a> &gt; 正文</nav>
<div class="side"><ul>{"".join(f"<li>{prefecture}频道</li>" for _, prefecture in PREFECTURES)}</ul></div>
<article>
<h1>{article.title}</h1>
<div class="info">发布时间：{day:%Y-%m-%d}　来源：{NEWS_SOURCE[1]}</div>
{body}
</article>
<footer>版权所有 {NEWS_SOURCE[1]}　手机阅读　分享到朋友圈</footer>
</body>
</html>
"""
