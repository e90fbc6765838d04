"""Names of people planted in sentences of many shapes, and clean text that holds none."""

from __future__ import annotations

import random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏"
    "付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤康易乔赖文樊兰殷施洪翟安颜倪牛温芦季俞章鲁葛伍申尤毕聂柴焦柳邢岳齐梅庄辛管祝左涂谷祁时舒"
)
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂香玉珍春梅建国志明海燕小红文斌晓东雪莲凤琴家福大山长贵有才金花银凤永胜德顺满仓青松雨桐子涵浩宇嘉怡思远俊豪国庆卫东红旗爱民秋菊冬梅忠诚守信富贵来喜根生"

# {n} a name, {m} another. Each line is one position that reporting gives a name.
CUED = [
    "村民{n}说，日子好了。",
    "{n}告诉记者，她每月能挣三千元。",
    "“我有活干了。”{n}高兴地说。",
    "区人社局局长{n}介绍，今年培训300人。",
    "今年42岁的{n}进了车间。",
    "家住柳桥镇石湾村的{n}和爱人都在务工。",
    "贫困户{n}、{m}等人报了名。",
    "本报记者 {n} 通讯员 {m}",
    "{n}，女，45岁，柳桥镇人。",
    "残疾人{n}在家门口上了岗。",
]
PLAIN = [
    "{n}：从贫困户到车间主任",
    "“编”出好日子的{n}",
    "柳桥镇{n}的返乡创业路",
    "每天清晨，{n}都会准时来到车间。",
    "在镇里的帮助下，{n}学会了电焊。",
    "最让{n}高兴的，是孩子上学有了着落。",
    "看着手里的工资条，{n}笑得合不拢嘴。",
    "几年前，{n}的丈夫因病去世，家里欠了债。",
    "像{n}这样在家门口上班的，还有很多。",
    "工作人员找到{n}，推荐他去了园区。",
    "培训结束后，{n}被一家企业录用。",
    "{n}家的两个孩子都在读书。",
    "去年，{n}靠养鸡脱了贫。",
    "说起以前的日子，{n}眼里有泪。",
    "如今，{n}已经带出了十几名徒弟。",
    "{n}和{m}是邻居，都在车间缝手套。",
    "镇干部陪着{n}跑了三家企业。",
    "车间里，{n}正低头缝纫。",
    "在{n}的带动下，乡亲们种起了茶。",
    "{n}一家五口住进了新房。",
    "得知消息后，{n}第一个报了名。",
    "{n}没有想到，自己也能当上组长。",
    "记者见到{n}时，她正在分拣茶叶。",
    "这天，{n}领到了第一笔工资。",
]


def name(rng: random.Random) -> str:
    given = "".join(rng.choice(GIVEN) for _ in range(1 if rng.random() < 0.25 else 2))
    return rng.choice(SURNAMES) + given


def planted(sentences: list[str], each: int, seed: int) -> list[tuple[str, list[str]]]:
    """(text, the names in it): every shape `each` times."""
    rng = random.Random(seed)
    out = []
    for shape in sentences * each:
        n, m = name(rng), name(rng)
        out.append((shape.format(n=n, m=m), [n, m] if "{m}" in shape else [n]))
    return out
