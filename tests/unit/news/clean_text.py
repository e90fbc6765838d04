"""Clean Chinese text of our own, as much as a test wants: sentences about the fictional 青溪区."""

from __future__ import annotations

import random

_OPENINGS = [
    "今年以来，",
    "截至5月底，",
    "据介绍，",
    "目前，",
    "与此同时，",
    "走进车间，",
    "",
    "2026年3月12日，",
    "“真的吗？！”记者问。",
]
_WHO = [
    "青溪区",
    "柳桥镇",
    "区就业服务中心",
    "石泉湾村",
    "这家企业",
    "镇里的帮扶干部",
    "合作社",
    "著名的竹编老手艺人",
    "残疾人之家（二期）",
]
_DID = [
    "共帮助{n}名困难群众找到工作",
    "先后举办招聘会{m}场",
    "发放创业担保贷款{n}万元",
    "培训学员{n}人次",
    "把岗位送到家门口",
    "建成就业帮扶车间{m}个",
    "看着一天天变好的日子，心里格外踏实",
    "对符合条件的人员每人每月补贴{n}元",
    "用上了“电商+合作社”的办法",
    "登记在册6,265人",
    "每天14:30准时开班",
    "引进企业{m}家（其中外地企业{m}家）",
    "常常开口就问：缺不缺人",
    "规模化养殖带动了周边的农户",
    "保护好每一位务工人员的权益",
]
_ENDS = ["。", "。", "。", "！", "？", "；"]


def paragraphs(size: int, seed: int) -> str:
    """At least `size` characters in paragraphs of some sentences."""
    rng = random.Random(seed)
    out: list[str] = []
    length = 0
    while length < size:
        sentence = "".join(
            [rng.choice(_OPENINGS), rng.choice(_WHO), rng.choice(_DID), "，", rng.choice(_DID), rng.choice(_ENDS)]
        ).format(n=rng.randint(3, 9000), m=rng.randint(2, 60))
        out.append(sentence + ("\n" if rng.random() < 0.2 and sentence[-1] != "；" else ""))
        length += len(sentence)
    return "".join(out).rstrip("。！？；\n") + "。"
