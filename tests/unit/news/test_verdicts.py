"""Pages that are no article, or hardly one, each with its verdict."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from tests.unit.news import damage
from tests.unit.news.clean_text import paragraphs
from tests.unit.news.labelled import FIXTURE, labelled_articles

from zaoxue.news import NoArticle, PlaceIndex, read_article
from zaoxue.news.main_text import MAX_BYTES, decode
from zaoxue.news.verdicts import digits_stripped, is_spam

BODY = "今年以来，青溪区共帮助困难群众就业320人，举办招聘会12场，发放创业担保贷款410万元，群众的日子越来越好。"
HTML = "<html><head><title>岗位送到家门口</title></head><body>{head}<article><h1>岗位送到家门口</h1><p>{body}</p></article>{tail}</body></html>"


@pytest.fixture(scope="module")
def places() -> PlaceIndex:
    return PlaceIndex([], extra=[("99", "云岭省", ""), ("9901", "青江市", "99"), ("990101", "青溪区", "9901")])


def verdict(content: bytes, places: PlaceIndex) -> str:
    try:
        read_article(content, source="s", uri="u", places=places)
    except NoArticle as reason:
        return reason.verdict if " / " in str(reason) else "no English"
    return "article"


LOGIN = (
    "<html><body><h1>青溪就业网</h1><form action=/in>用户名 <input name=u> 密码 <input type=password name=p>"
    "<a href=/new>注册</a> 忘记密码 短信验证码登录 本系统仅供内部工作人员使用，请先登录后查看新闻内容。</form></body></html>"
)
STRIPPED = "年3月，青溪区组织培训。今年以来，全区实现就业人，发放贷款万元，就业率达%，共举办招聘会场，惠及群众户。"
SPAM_HEAD = "<div>真人荷官在线 百家乐 注册送888 六合彩开奖 时时彩投注平台 体育平台首存送</div>"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (HTML.format(head="", body=BODY, tail=""), "article"),
        (LOGIN, "login"),
        ("<html><body><ul><li><a href=/1>一</a></li></ul></body></html>", "no_text"),
        (HTML.format(head="", body=STRIPPED, tail=""), "digits_stripped"),
        (STRIPPED, "digits_stripped"),
        (HTML.format(head=SPAM_HEAD, body=BODY, tail=""), "spam"),
        (HTML.format(head="", body=BODY, tail="<p>" + "网上棋牌娱乐城 博彩 " * 6 + "</p>"), "spam"),
        (HTML.format(head="", body=BODY + "民警提醒：不要参与网络投注，远离刷单骗局。", tail=""), "article"),
    ],
)
def test_verdict(page: str, expected: str, places: PlaceIndex) -> None:
    assert verdict(page.encode(), places) == expected


def test_honest_articles_are_no_spam_and_not_stripped() -> None:
    for article in labelled_articles(FIXTURE):
        assert not is_spam(article.text)
        assert not digits_stripped(article.text)
    assert not digits_stripped("今年，全区共帮助三百二十人就业，办了五场招聘会。去年底，群众都有了活干。")


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_other_encodings(encoding: str, declared: bool, places: PlaceIndex) -> None:
    head = f"<meta charset='{encoding}'>" if declared else ""
    page = HTML.format(head=head, body=BODY * 3, tail="")
    page = damage.traditional(page) if encoding == "big5" else page
    content = page.encode(encoding, "ignore")
    assert "320人" in decode(content)
    claims = read_article(content, source="s", uri="u", places=places).claims
    assert {float(c.value or 0) for c in claims if c.promoted} >= {320, 12, 4_100_000}


def test_a_page_that_states_the_wrong_charset() -> None:
    page = HTML.format(head="<meta charset='utf-8'>", body=BODY, tail="")
    assert BODY in decode(page.encode("gb18030"))
    page = HTML.format(head="<meta charset='big5'>", body=BODY, tail="")
    assert BODY in decode(page.encode("gb18030"))


def test_fifty_megabytes_cost_neither_time_nor_memory(places: PlaceIndex) -> None:
    content = HTML.format(head="", body=BODY, tail="<p>x</p>" * 6_250_000).encode()
    assert len(content) > 50_000_000
    tracemalloc.start()
    started = time.process_time()
    assert verdict(content, places) == "too_large"
    assert time.process_time() - started < 0.5
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_the_largest_page_that_is_read(places: PlaceIndex) -> None:
    """Just under the limit, nested deep and full of tags: read or refused, in bounded time."""
    filler = "<div>" * 3000 + "<a href=/x>更多</a>" * 20_000 + "</div>" * 3000
    content = HTML.format(head="", body=paragraphs(2000, seed=1), tail=filler).encode()
    content += b" " * (MAX_BYTES - len(content))
    started = time.process_time()
    assert verdict(content, places) in ("article", "no_text")
    assert time.process_time() - started < 60
