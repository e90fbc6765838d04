"""Names of people, found by the words that reporting puts around them, and masked: 张某某.

Masking keeps the length, so offsets stay. All names that are found are masked, an official's too: to tell one from
the other is not worth one mistake. Surnames with a title (李女士, 老李) name nobody and stay.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from zaoxue.news.name_guess import guess_names
from zaoxue.news.name_words import PLACE_KIND

_FILE = Path(__file__).with_name("data") / "names.yaml"


@cache
def _words() -> dict[str, str]:
    raw = yaml.safe_load(_FILE.read_text("utf-8"))
    return {
        key: "|".join(map(re.escape, sorted(value.split(), key=lambda w: (-len(w), w)))) for key, value in raw.items()
    }


@cache
def _patterns() -> tuple[list[re.Pattern[str]], tuple[re.Pattern[str], ...], re.Pattern[str]]:
    words = _words()
    surname = f"(?:{words['compound_surnames']}|[{words['surnames'].replace('|', '')}])"
    name = rf"(?P<name>{surname}[一-鿿]{{1,2}})"
    edge = r"(?:^|(?<=[，。；：、“”‘’！？（(）)\s\n>》…—]))"
    speech = rf"(?:{words['speech']})"
    patterns = [
        re.compile(rf"(?:{words['roles']})[\s：:]{{0,2}}{name}", re.MULTILINE),
        re.compile(rf"(?<![的了是在]){name}[（(]化名[）)]"),
        re.compile(
            rf"{edge}{name}(?=(?:高兴|激动|开心|感激|无奈|笑着|自豪|动情|欣慰|深情|坦率|满脸|乐呵呵|信心满满|感慨|兴奋|热情|腼腆|连声)[^，。]{{0,6}}(?:说|道|告诉)|{speech})",
            re.MULTILINE,
        ),
        re.compile(
            rf"\d{{2}}(?:周)?岁的(?:[一-鿿]{{2,6}}(?:村民|居民|户主|群众|妇女|小伙|姑娘|大学生|贫困户|员工|工人))?{name}"
        ),
        re.compile(rf"{name}(?=，?(?:今年|现年)\d{{2}}(?:周)?岁|，[男女]，)"),
        re.compile(rf"(?:家住|住在|来自|老家在)[^，。；]{{2,20}}的{name}"),
        re.compile(
            rf"{edge}{name}(?=(?:就|本|原)?是[^，。；]{{1,16}}[村镇乡区县市组屯寨道](?:[^，。；]{{0,6}})?(?:人|村民|居民|贫困户|脱贫户|低保户))",
            re.MULTILINE,
        ),
        re.compile(rf"家住[^，。；]{{2,24}}[村组社镇乡县区屯道寨]的{name}"),
        re.compile(rf"[村组社镇乡县区屯道寨](?:村民)?的{name}(?=[，、。和一家夫正就在是说原曾今因也把以靠通说两]|\d)"),
        re.compile(
            rf"(?:像|帮助|帮|为|给|对|让|针对|听|见到(?:了)?|看到(?:了)?|认识(?:了)?|推荐|走进|来到|如今的?|得知){name}(?=这样|家[里中的\d]|说|一家|夫妇|等人|找到|办理|来说|的[个家情难丈妻孩儿生脸事]|实现|进行)"
        ),
        re.compile(
            rf"{edge}{name}(?=(?:就|正|便|也|还)?(?:在|是|的)(?:家里?|妻子|丈夫|爱人|儿子|女儿|母亲|父亲|孩子|脸上|心里|日子|生活|遭遇|故事|情况|经历))",
            re.MULTILINE,
        ),
        re.compile(
            rf"{edge}{name}(?=(?:告诉|介绍|表示|坦言|感慨|说道|每天|每月|只是申请|夫妇|一家|和爱人|和妻子|和丈夫|早早|申办|的丈夫|的妻子|整天|如愿|每个月|也是))",
            re.MULTILINE,
        ),
    ]
    full = rf"(?P<name>{surname}[一-鿿]{{2}})"  # as the subject of a sentence only a name of three characters is safe
    patterns += [
        re.compile(rf"(?:{edge}|的){name}(?=[一-鿿]{{1,4}}地(?:说|道|告诉|介绍|表示|回忆))", re.MULTILINE),
        re.compile(rf"{edge}{name}(?=，(?:就是|也是|便是|正是))", re.MULTILINE),
        re.compile(
            rf"{edge}{full}(?=(?:在|将|把|从|又|便|就|也|还|每|想|一边)[一-鿿]|决定|返乡|创办|投资|开始|加入|参加|回到|通过|成了|成为|学|拿到|领到|贷款|主动|终于|高兴)",
            re.MULTILINE,
        ),
        re.compile(rf"{edge}{full}(?=(?:原)?是[^，。；]{{2,16}}(?:人|村民|居民|职工|户|员)[，。])", re.MULTILINE),
        re.compile(rf"(?:和|与|跟|同){full}(?=一样|一起|夫妇|签订|[，。、])"),
    ]
    signed = re.compile(
        rf"[（(](?:文/?图?[：:\s]*)?(?P<list>{surname}[一-鿿]{{1,2}}(?:[\s、，]+{surname}[一-鿿]{{1,2}}){{0,5}})(?:[\s]*(?:文/?图|摄影?报?道?))?[）)]\s*$",
        re.MULTILINE,
    )
    byline = re.compile(
        r"(?:本报|本刊|特约|实习|见习|首席|融媒体?)?(?:记者|通讯员|编辑|责编|摄影|作者|总值班|责任编辑|校对|审核|编审|监制|供稿|撰稿|图/文|文/图)[\s：:]+(?P<list>[一-鿿]{2,4}(?:[\s、]+[一-鿿]{2,4}){0,6})"
    )
    line = re.compile(
        rf"(?:^|(?<=[（(]))[\s（(]*(?P<list>{surname}[一-鿿]{{1,2}}(?:[\s、]+{surname}[一-鿿]{{1,2}})*)[\s、]+(?=(?:本报|特约)?(?:记者|通讯员))",
        re.MULTILINE,
    )
    foreign = re.compile(r"(?<![一-鿿])[一-鿿]{2,5}·[一-鿿]{2,7}|(?<=[村民叫户员的])[一-鿿]{2,5}·[一-鿿]{2,7}")
    return patterns, (byline, line, signed), foreign


_NEVER_INSIDE = "的了是在和与把将也就都很已被还又每从说告们着过吗呢吧啊，。、"


@cache
def _stop() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = _words()
    return (
        re.compile(f"(?:{words['not_names']})"),
        re.compile(f"(?:{words['after_name']})"),
        re.compile(f"[{words['never_last'].replace('|', '')}]"),
    )


def _trim(candidate: str, following: str) -> str:
    """Settle between two and three characters: 吴磊说 is 吴磊, 李广军说 is 李广军."""
    not_name, after, never_last = _stop()
    if not_name.match(candidate):
        return ""
    if PLACE_KIND.match(candidate[2:] + following):
        return ""  # 黄石市, 马家村 are places, not 黄石 and 马家
    compound = re.match(f"(?:{_words()['compound_surnames']})", candidate) is not None
    longest = 4 if compound else 3
    if (
        len(candidate) == longest
        and not compound
        and (after.match(candidate[2] + following) or never_last.match(candidate[2]))
    ):
        candidate = candidate[:2]
    if (
        len(candidate) < 2
        or re.search("大[爷妈娘伯婶叔姐哥]|师傅|女士|先生|阿姨|老师|奶奶|爷爷", candidate)
        or (candidate[1] in _NEVER_INSIDE if len(candidate) > 2 else never_last.match(candidate[1]))
    ):
        return ""
    return candidate


def find_names(text: str) -> set[str]:
    """Full names (2 to 4 characters) of people in simplified, mended text."""
    patterns, lists, foreign = _patterns()
    found: set[str] = set()
    for pattern in patterns:
        for match in pattern.finditer(text):
            name = _trim(match["name"], text[match.end("name") : match.end("name") + 4])
            if name:
                found.add(name)
                found |= _listed(text, match.start("name") + len(name))
    for pattern in lists:
        for match in pattern.finditer(text):
            found |= {part for part in re.split(r"[\s、]+", match["list"]) if _looks_like_name(part)}
    found |= {match[0] for match in foreign.finditer(text)}
    return found | guess_names(text)


def _looks_like_name(part: str) -> bool:
    words = _words()
    head = re.match(f"(?:{words['compound_surnames']}|[{words['surnames'].replace('|', '')}])", part)
    return head is not None and 2 <= len(part) <= 4 and not _stop()[0].match(part)


def _listed(text: str, at: int) -> set[str]:
    """李达营、付德英: the names that go on after a found one."""
    words = _words()
    surname = f"(?:{words['compound_surnames']}|[{words['surnames'].replace('|', '')}])"
    found: set[str] = set()
    follow = re.compile(rf"[、和](?P<name>{surname}[一-鿿]{{1,2}})(?=[、，。等和\d两三说]|一家|夫妇)")
    while match := follow.match(text, at):
        name = _trim(match["name"], text[match.end("name") : match.end("name") + 4])
        if not name:
            break
        found.add(name)
        at = match.start("name") + len(name)
    return found


def masked(name: str) -> str:
    """张三丰 -> 张某某; a name with a dot keeps its first character and its dot."""
    return name[0] + "".join("·" if c == "·" else "某" for c in name[1:])


def mask_names(text: str, names: set[str] | None = None) -> str:
    """`text` with each found (or given) name masked wherever it stands; the length stays."""
    known = find_names(text) if names is None else names
    if not known:
        return text
    pattern = re.compile("|".join(map(re.escape, sorted(known, key=lambda n: (-len(n), n)))))
    return pattern.sub(lambda m: masked(m[0]), text)
