"""Where a figure belongs: place names of one story, resolved by the story itself.

Names repeat over the country (幸福路街道 five times), so a township counts only inside a county that the story, its
headline or its masthead names. A sentence's figure belongs to the last place named before it as the one acting
(not 到广东务工, not a list 甲镇、乙镇等); else to the place that the paragraph is about; else to the story's main place.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from zaoxue.news.places import ORDINARY, PlaceIndex
from zaoxue.news.sentences import Sentence
from zaoxue.news.short_names import told_by_short
from zaoxue.news.villages import village_code

NATION = "全国"
_VILLAGE = r"(?:村|社区|嘎查)(?![级民委干集务里工])"
_GROUP = re.compile(r"[一-鿿]{1,3}(?:组|屯)|[\d一二三四五六七八九十]{1,3}[社组]")
_AFTER_TOWN = re.compile(rf"[一-鿿]{{1,5}}?{_VILLAGE}")
_ALONE = re.compile(rf"(?:^|(?<=[，。；：、“”（）\s\n在到住进于的是为和与对由从据]))(?P<name>[一-鿿]{{2,4}}{_VILLAGE})")
_NO_VILLAGE = re.compile(
    r"[各全该本我每个一两三四五几多这那进驻农创整回外返在到和与对从向把被让使给为的了是就而或及在于某名户]|贫困|示范|行政|自然|重点|搬迁|安置|易地|移民|扶贫|出列|整村|乡村|城市|城镇|入户|周边|附近|"
    r"所在|辖区|镇村|街道|居住|服务|基层|乡镇|脱贫|试点|通过|开展|组织|建设|依托|走进|来到|美丽|智慧|落实|改造|新型|社区社区|薄弱|空壳|后进|先进|家住|偏远|帮扶|同村|邻村|外村|下乡"
)
_HERE = re.compile(
    r"(?P<all>[该全我本])(?P<kind>省|市|州|盟|县|区|旗|镇|乡|街道|村|社区)(?![级委干直长内外域别块最首唯])|(?P<nation>全国(?!劳|优|先|模)|政府工作报告)"
    r"|(?:^|(?<=[，。；据由]))(?P<bare>社区(?!服务|工厂|治理|养老|矫正|就业|工作|卫生|支部|党)|村里|村上|镇里|镇上|乡里)"
)
_AWAY = re.compile(r"(?:赴|前往|去往|去到|去|往|输送到|输送至|输出到|转移到|延伸至|(?<!来)到|至|从|远赴|对接|与|和浙)$")
_STANDS_ALONE = re.compile(r"^$|[^一-鿿]|[在到于由从的和与及自往赴进]")
_TOGETHER = re.compile(r"[^，。；]{0,2}(?:共同|联合|携手|共建|签|结对|开展|合作)")
_TAKES_PLACE = re.compile(r"(?:走进|来到|走访|在|位于|落户)$")
_KIND_LEVEL = {"省": 2, "市": 4, "州": 4, "盟": 4, "县": 6, "区": 6, "旗": 6, "镇": 9, "乡": 9, "街道": 9}


@dataclass(frozen=True)
class Spot:
    """A resolved place: the code of the smallest listed division ("" for the nation or an unknown village), its full
    name with village and group, and its level (2, 4, 6, 9; 12 for a village, which has its own code where the list knows
    it and else that of its township or county; 0 for the nation)."""

    code: str
    name: str
    level: int


@dataclass(frozen=True)
class _Named:
    start: int
    end: int
    spot: Spot
    acting: bool


class Locator:
    """Places of one story. `hint` is text around it that names places too: masthead, headline, source line."""

    def __init__(self, text: str, index: PlaceIndex, hint: str = "") -> None:
        """Read all names of `text`; see the module for how they are resolved."""
        self._text, self._index = text, index
        self._told: dict[str, str] = {}
        raw = self._raw(text)
        self._area = self._areas(raw, hint)
        self._named: list[_Named] = []
        self._villages: dict[str, Spot] = {}
        self._resolve(raw)
        self.main = self._main()

    # -- names ------------------------------------------------------------------------------------------------
    def _raw(self, text: str) -> list[tuple[int, int, str]]:
        """Full names in order, the longest at each place."""
        found: list[tuple[int, int, str]] = []
        at = 0
        while at < len(text) - 1:
            name = self._index.longest_at(text, at)
            if text[at] == "中" and text[at - 1 : at] in ("其", "当"):
                name = ""
            if name and (name not in ORDINARY or self._follows_parent(text, at, found)):
                found.append((at, at + len(name), name))
                at += len(name)
            else:
                at += 1
        return found

    @staticmethod
    def _follows_parent(text: str, at: int, found: list[tuple[int, int, str]]) -> bool:
        return bool(found) and found[-1][1] == at

    def _areas(self, raw: list[tuple[int, int, str]], hint: str) -> Counter[str]:
        """How strongly the story speaks of each province, prefecture and county."""
        index = self._index
        names = Counter(name for _, _, name in raw)
        score: Counter[str] = Counter()
        townships: dict[str, set[str]] = {}
        hinted = [name for _, _, name in self._raw(hint)]
        for name in [*names, *hinted]:
            for code in index.codes(name):
                if len(code) <= 6:
                    score[code] += 2 * max(names[name], 1)
                else:
                    townships.setdefault(index.by_code[code].parent, set()).add(name)
        for short, codes in self._shorts(hint):
            for code in codes:
                score[code] += 3 if short else 0
        if not any(len(c) >= 4 for c in score):
            self._told = told_by_short(self._text, index)
            for code in self._told.values():
                score[code] += 3
        for code in [c for c in score if len(c) == 6]:
            inside = len(townships.get(code, ()))
            above = sum(3 for a in index.ancestors(code)[1:] if score[a.code] or self._named_short(a.name))
            score[code] += 2 * inside + above
        if not any(len(c) >= 4 for c in score) and townships:
            code, towns = max(townships.items(), key=lambda item: (len(item[1]), item[0] in index.extra_codes))
            rivals = [c for c, t in townships.items() if len(t) == len(towns)]
            if len(rivals) == 1 or code in index.extra_codes:
                score[code] += 1
        return score

    def _shorts(self, hint: str) -> list[tuple[str, list[str]]]:
        found = []
        for at in range(len(hint)):
            for length in (4, 3, 2):
                codes = self._index.short_codes(hint[at : at + length]) if at + length <= len(hint) else []
                if codes:
                    found.append((hint[at : at + length], codes))
                    break
        return found

    def _named_short(self, name: str) -> bool:
        short = name[:-1]
        return len(short) >= 2 and short in self._text

    def _best(self, codes: list[str]) -> str:
        """The code of a repeated name that this story means, or "" if it does not say."""
        if len(codes) == 1 and len(codes[0]) <= 6:
            return codes[0]
        if len(codes[0]) <= 6:
            best = max(codes, key=lambda c: (self._area[c], c in self._index.extra_codes))
            rivals = [c for c in codes if self._area[c] == self._area[best]]
            return best if len(rivals) == 1 else ""
        # The county or prefecture must be spoken of: a province holds too many townships (其中城镇 is no 中城镇).
        scored = [
            (max((self._area[a.code] for a in self._index.ancestors(c)[1:] if a.level >= 4), default=0), c)
            for c in codes
        ]
        top = max(score for score, _ in scored)
        best_codes = [c for score, c in scored if score == top]
        if len(best_codes) == 1 and top:
            return best_codes[0]
        return ""

    # -- resolving in order -----------------------------------------------------------------------------------
    def _resolve(self, raw: list[tuple[int, int, str]]) -> None:
        text = self._text
        names = {start: (end, name) for start, end, name in raw}
        shorts = self._safe_shorts({name for _, _, name in raw})
        events: list[tuple[int, int, Spot]] = []
        start = 0
        while start < len(text):
            if start in names:
                end, spot = self._chain(start, names)
            else:
                end, spot = self._short_at(start, shorts, names)
            if spot is None:
                start += 1
                continue
            events.append((start, end, spot))
            start = end
        taken = [(s, e) for s, e, _ in events]
        events += self._lone_villages(taken, events)
        events.sort(key=lambda e: e[0])
        self._named = [_Named(s, e, spot, self._acting(s, e, events)) for s, e, spot in events]

    def _safe_shorts(self, names: set[str]) -> dict[str, str]:
        """Short names that the story explains by the long one: 济南 where it also says 济南市."""
        shorts: dict[str, str] = dict(self._told)
        for name in names:
            code = self._best(self._index.codes(name)) if self._index.codes(name) else ""
            if code and len(code) in (4, 6) and len(name) >= 3 and name not in ORDINARY:
                shorts[name[:-1]] = code
        return shorts

    def _short_at(
        self, start: int, shorts: dict[str, str], names: dict[int, tuple[int, str]]
    ) -> tuple[int, Spot | None]:
        text, index = self._text, self._index
        for length in (4, 3, 2):
            short = text[start : start + length]
            end = start + length
            if short in shorts:
                return end, self._spot(shorts[short])
            if end in names:  # 米易普威镇: a short county name right before its township
                for code in index.short_codes(short):
                    towns = [c for c in index.codes(names[end][1]) if index.is_within(c, code)]
                    if len(towns) == 1:
                        self._area[code] += 3
                        stop, spot = self._chain(end, names)
                        return stop, spot
        return start, None

    def _chain(self, start: int, names: dict[int, tuple[int, str]]) -> tuple[int, Spot | None]:
        """连云港市海州区幸福路街道文化社区 read as one: each name is looked for inside the one before."""
        index = self._index
        end, name = names[start]
        codes = index.codes(name)
        code = self._best(codes)
        while end in names:
            next_end, next_name = names[end]
            inner = index.codes(next_name)
            within = [c for c in inner if not code or index.is_within(c, code)]
            if not within:
                break
            code = within[0] if len(within) == 1 else self._best(within)
            end, name = next_end, next_name
        if not code and (self._area or not _STANDS_ALONE.search(self._text[:start][-1:])):
            return start, None  # 发展乡村 in a story of another county is no township, and 开发城镇岗位 names none
        level = len(code) if code else {"镇": 9, "乡": 9, "道": 9}.get(name[-1], 6)
        spot = self._spot(code) if code else Spot("", name, level)
        if code and level == 9 and index.by_code[code].name != name and code not in self._index.extra_codes:
            # An alias or an old name: the place as the article writes it, with the code that it has now.
            spot = Spot(code, index.full_name(index.by_code[code].parent) + name, level)
        return self._village_after(end, spot)

    def _village_after(self, end: int, spot: Spot) -> tuple[int, Spot]:
        match = _AFTER_TOWN.match(self._text, end)
        if not match or spot.level < 6 or _NO_VILLAGE.search(match[0][:-1]) or len(match[0]) < 3:
            return end, spot
        code = village_code(match[0], spot.code) or spot.code
        village = Spot(code, spot.name + match[0], 12)
        self._villages.setdefault(match[0], village)
        end = match.end()
        group = _GROUP.match(self._text, end)
        if group and not group[0][0].isdigit():
            village = Spot(code, village.name + group[0], 12)
            self._villages.setdefault(group[0], village)
        return (group.end() if group else end), village

    def _lone_villages(
        self, taken: list[tuple[int, int]], events: list[tuple[int, int, Spot]]
    ) -> list[tuple[int, int, Spot]]:
        text = self._text

        def free(start: int, end: int) -> bool:
            return all(end <= a or start >= b for a, b in taken)

        found: list[tuple[int, int, Spot]] = []
        for match in _ALONE.finditer(text):
            name, start = match["name"], match.start("name")
            stem = name[:-2] if name.endswith("社区") else name[:-1]
            if name in self._villages or _NO_VILLAGE.search(stem) or name[-2:] in ("乡村", "农村", "镇村"):
                continue
            before = [spot for s, _, spot in events if s <= start and 6 <= spot.level <= 9]
            home = before[-1] if before else None
            code = (village_code(name, home.code) or home.code) if home else ""
            self._villages[name] = Spot(code, (home.name if home else "") + name, 12)
        for name, spot in self._villages.items():
            at = text.find(name)
            while at >= 0:
                if free(at, at + len(name)):
                    found.append((at, at + len(name), spot))
                at = text.find(name, at + len(name))
        return found

    def _spot(self, code: str) -> Spot:
        return Spot(code, self._index.full_name(code), len(code))

    def _acting(self, start: int, end: int, events: list[tuple[int, int, Spot]]) -> bool:
        text = self._text
        away = _AWAY.search(text[max(0, start - 4) : start])
        if (away and not (away[0] in ("与", "和浙") and _TOGETHER.match(text, end))) or text[end : end + 1] == "籍":
            return False
        after = text[end : end + 1]
        if after in "、和及" or text[start - 1 : start] in ("、", "和", "及"):
            neighbours = any(abs(s - end) <= 2 or abs(start - e) <= 2 for s, e, _ in events if (s, e) != (start, end))
            if neighbours:
                return False
        return True

    def _main(self) -> Spot | None:
        """The place most spoken of; the township if it is named at least as often as its county."""
        counts: Counter[Spot] = Counter(n.spot for n in self._named if n.acting and n.spot.level <= 9 and n.spot.code)
        if not counts:
            areas = [c for c, s in self._area.most_common() if s and c in self._index.by_code]
            return self._spot(max(areas, key=lambda c: (self._area[c], len(c)))) if areas else None
        first = {spot: i for i, spot in enumerate(dict.fromkeys(n.spot for n in self._named))}
        # Of two named as often the smaller one: the county that the partner city helps.
        return max(counts, key=lambda spot: (counts[spot], min(spot.level, 6), -first[spot]))

    # -- asking -----------------------------------------------------------------------------------------------
    def _here(self, match: re.Match[str], at: int, focus: Spot | None) -> Spot | None:
        """该县, 全市, 我区, 社区: the place of that kind which the story is in."""
        if match["nation"]:
            return Spot("", NATION, 0)
        kind = match["kind"] or {"村": "村", "镇": "镇", "乡": "乡"}.get(match["bare"][0], "社区")
        if kind in ("村", "社区"):
            if focus and focus.level == 12:
                return focus
            return self._last(at, 12, "社区" if kind == "社区" else "村组屯")
        if match["bare"]:
            return self._last(at, 9, kind[0])
        base = focus if focus and focus.code else self.main
        if base is None or not base.code:
            return None
        chain = self._index.ancestors(base.code)
        named = [d for d in chain if d.name.endswith(kind) and d.level <= 9]
        if named:
            # 全市 in a county-level city is that city, unless the story is about the prefecture around it.
            outer = len(named) > 1 and named[0].level == 6 and not self._is_home(named[0].code)
            return self._spot(named[-1].code if outer else named[0].code)
        at_level = [d for d in chain if d.level == _KIND_LEVEL.get(kind, 6)]
        return self._spot(at_level[0].code) if at_level else None

    def _last(self, at: int, level: int, ends: str) -> Spot | None:
        """The last village or township named before `at` whose name ends so."""
        before = [n.spot for n in self._named if n.start < at and n.spot.level == level]
        fitting = [s for s in before if (s.name.endswith(ends) if ends == "社区" else s.name[-1] in ends)]
        return fitting[-1] if fitting else None

    def _is_home(self, code: str) -> bool:
        return bool(self.main and self._index.is_within(self.main.code, code))

    def _events(self, sentence: Sentence, until: int, focus: Spot | None) -> list[tuple[int, Spot]]:
        """Acting places and 该县-words of a sentence up to an offset, in order."""
        found = [(n.start, n.spot) for n in self._named if sentence.start <= n.start and n.end <= until and n.acting]
        known = focus
        for match in _HERE.finditer(sentence.text):
            at = sentence.start + match.start()
            if at >= until:
                break
            earlier = [spot for s, spot in found if s < at]
            here = self._here(match, at, earlier[-1] if earlier else known)
            if here:
                found.append((at, here))
                found.sort(key=lambda e: e[0])
        return found

    def focus_after(self, sentence: Sentence, focus: Spot | None) -> Spot | None:
        """The place the paragraph is about after this sentence: the first one that acts in it, or the smaller one
        in it where the thing takes place (某县…招聘会走进某镇)."""
        events = self._events(sentence, sentence.end, focus)
        if not events:
            return focus
        first = events[0][1]
        for start, spot in events[1:]:
            inside = spot.level > first.level >= 4 and spot.name.startswith(first.name)
            if inside and _TAKES_PLACE.search(self._text[max(0, start - 4) : start]):
                return spot
        return first

    def at(self, sentence: Sentence, offset: int, focus: Spot | None) -> Spot | None:
        """The place of a figure at `offset` (in the text) of `sentence`, `focus` being the paragraph's place so far."""
        events = self._events(sentence, offset, focus)
        if events:
            return events[-1][1]
        return focus or self.main
