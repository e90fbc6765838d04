"""What a page is, before anything is read from it: an article, or one of the pages that only look like one.

The reasons are few and fixed, so that a registry of refusals can be counted: `too_large`, `login`, `no_text`, `spam`,
`digits_stripped`.
"""

from __future__ import annotations

import re

REASONS = {
    "too_large": "页面过大（{size} 字节） / page too large ({size} bytes)",
    "login": "登录页，没有正文 / a login page, no main text",
    "no_text": "页面没有正文 / no main text on the page",
    "spam": "垃圾广告镜像页，不采用 / a spam mirror, not used",
    "digits_stripped": "页面的数字已被网站去掉，不采用 / the host has stripped the page of its digits, not used",
}


class NoArticle(ValueError):
    """The bytes hold no article that may be read; `verdict` is one of REASONS, the message Chinese and English."""

    def __init__(self, verdict: str, size: int = 0) -> None:
        """`size` in bytes, for a page that is too large."""
        super().__init__(REASONS[verdict].format(size=size))
        self.verdict = verdict


_PASSWORD = re.compile(
    r"type\s*=\s*[\"']?password|请(?:先)?登[录陆]|账号密码登录|短信验证码登录|忘记密码", re.IGNORECASE
)
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^<>]{0,2000}>", re.IGNORECASE | re.DOTALL)
# Words of gambling, pornography and forgery sites; an article that warns of one of them holds few.
_SPAM = re.compile(
    r"博彩|赌场|百家乐|老虎机|真人荷官|棋牌|开户送|注册送|投注|下注|六合彩|时时彩|彩票平台|网投|娱乐城|澳门金沙|体育平台|首存"
    r"|裸聊|成人视频|约炮|色情|代孕|壮阳|代开发票|办证刻章|私服|外挂|刷单|秒到账|黑户可贷"
)
_FEW_WORDS, _FEW_HITS, _SHORT = 4, 12, 20
_DIGITS = re.compile(r"[0-9０-９]+")
# What a dropped number leaves: 年月日, 实现就业人, 达元, 就业率%.
_GAP = re.compile(
    r"(?<![一-十百千万几某本今去前后同每全当半多近往历翌两])年(?=月|、|以来[，共已])|(?<![一-十百千几某本当每上下半个多数])月日"
    r"|(?:共|达|到|了|约|近|过|其中|为|有|业|训|贷|款|户|贴|会|众|助|员|动|岗|位|站|间)(?:万?[人户元]|名|个|家|场|笔|期|亿元)(?=[，。；、（）])"
    r"|[一-鿿][%％](?=[，。；、以的])|(?<![一-十百千几数两])万(?:[元人名个户]|平方米)(?!一|空|大|户)|今年[月岁]|截[至止]月|前个月|第[批届期](?!次)"
    r"|(?:收入|工资|奖励|补[贴助]|标准|最高|月薪|每人|年薪)元|(?<![一-十百千几数两万])[余多](?:万元|万|名|人次|份|场)(?!次)"
)
_MANY_GAPS = 3


def is_login(page: str, body: str) -> bool:
    """True for a page whose few words ask for a password."""
    return len(re.findall(r"[一-鿿]", body)) < 10 * _SHORT and _PASSWORD.search(page) is not None


def is_spam(page: str) -> bool:
    """True if the visible words of `page` (HTML or text) advertise gambling and the like, around whatever article."""
    hits = _SPAM.findall(_TAGS.sub(" ", page))
    return len(set(hits)) >= _FEW_WORDS or len(hits) >= _FEW_HITS


def is_spam_line(line: str) -> bool:
    """True for one line of advertising in an otherwise honest page."""
    return len(set(_SPAM.findall(line))) > 1


def digits_stripped(body: str) -> bool:
    """True if `body` shows the gaps where numbers stood, and hardly a number (年3月 keeps one)."""
    gaps = len(_GAP.findall(body))
    return gaps >= _MANY_GAPS and len(_DIGITS.findall(body)) <= gaps // 3
