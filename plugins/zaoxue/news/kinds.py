"""Is a figure a result, a target, a rate, a rule of a programme, one person's affair, or scenery?"""

from __future__ import annotations

import re

from zaoxue.news.measures import Found
from zaoxue.news.mentions import Mention

RATES = {
    "placement_rate",
    "stable_employment_rate",
    "training_rate",
    "service_coverage_rate",
    "completion_rate",
    "composition_share",
    "change_vs_base",
}
PROMOTED = {"actual", "target", "rate", "programme_parameter"}

# Words of planning that reach over the following clauses, and those that speak of their own clause alone.
_PLAN = re.compile(
    r"计划(?!任务|数|目标|的)|力争|拟(?=[^定合])|预计|(?<!必)将(?=进一步|继续|持续|陆续|再|力争|完成|实现|带动|新|建|开|举办|组织|培训(?!N)|帮|安置|提供|达|为|有|从中|全部|集中|协同|投入|发放|推|吸纳|打造|落实|借助|引|会|可|通过|加大|增)|确保|争取(?!到|了|[^，。；]{0,12}(?:资金|补助|项目|名额|支持))|努力(?:在|实现)|要(?:在|使|让|实现|完成|确保|达到|达|新增|帮|培|开|力)|今明两年|明年|未来[一二三四五\d]|下一步|今后|力求|须|到20\d\d年(?:底|末)?(?=[，,]?(?:实现|力争|全))"
)
_PLAN_HERE = re.compile(
    r"(?<!完成)(?<!完成年度)(?<!完成全年)(?:目标|任务)(?!的)(?!人数)|规划|应(?:当)?达到|要达到|控制在"
)
_TASK = re.compile(
    r"占(?:全|年)[^，。；N]{0,6}N[^，。；]{0,2}的|任务(?:数|目标|指标|总数)?(?:为|是|共|达)?N|目标(?:任务)?(?:为|是|数)N|(?:任务|目标|计划|指标)[^，。；]{0,3}N(?![^，。；]{0,3}的)|N[^，。；]{0,8}的(?:年度|全年|目标)*(?:任务|目标)"
)
_TASK_PEOPLE = re.compile(
    r"(?:下达|分配|分解|核定)[^，。；]{0,24}N|(?<!内)(?:安排|确定)[^，。；]{0,10}(?:任务|计划|指标)[^，。；]{0,10}N"
)
_DONE = re.compile(
    r"已(?:经|有|培|帮|完|累|实|开|发|建|组|吸|为|先|达|带|成)?|累计|实际|实现了|共(?!同)|截至|截止|目前|了N|全部|超额|达到了|成功|新增了|现有|先后"
)
_YEARLY = re.compile(r"全年|每年|年度|每月|每季")
_KEPT = re.compile(r"保持|持续|实现|已|达到|完成|继续|始终")
_PERSON = re.compile(
    r"某某?|(?<!其)(?<!吉)[他她](?!们)|(?<![们自])我(?![们区县市省国镇乡村局校院处站])|咱(?!们)|夫妇|夫妻|[老小](?:[李王张刘陈赵周吴杨黄徐孙胡朱林郭罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖石韦贾夏付邹熊白孟秦邱侯江尹薛闫段雷黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤](?=[，、。说的一今家在和也就又正将从把每于去想来终拿成算听找当觉笑坦（]|告诉|介绍|大[哥姐妈叔]))|大[爷妈娘姐哥叔]|女士|先生|师傅|家[里中]|我们家|丈夫|妻子|儿子|女儿|母亲|父亲|老伴|爱人|孩子|自己|一家[一二三四五六]?口?|孙子|老人|大学毕业"
)
_PLURAL = re.compile(
    r"先后|全[县区市镇乡省村街国]|累计|共有|共(?=[计发开培帮举组吸安带实])|带动|吸纳|解决|安置|帮助[^，。]{0,8}[名人户]|[该本]?(?:县|区|市|镇|乡|街道|中心|局|企业|公司|车间|基地|合作社|社区|工厂)(?:已|共|累计|先后|现|吸纳|提供)|据(?:统计|了解|悉|介绍)|截至|截止|人均|户均|平均|各[级类乡镇]|群众|村民们|工人(?:们)?(?:每|月|人均|平均|日)|员工(?:们)?(?:每|月|人均|平均|日)|务工人员|社员"
)
_RULE = re.compile(
    r"标准|给予|可(?:享受|申请|获|领)|按照?|每人每月|每月|每年|每人|最高|政策|补贴|补助|符合条件|对[^，。]{1,30}的[，,]|规定|明确|须|应当"
)
# People who are seen, not counted: 30余名工人正忙着缝衣服.
_SEEN = re.compile(
    r"(?:聚集|挤满|围满|站满|坐满|等候|坐着|站着)了?[^，。；]{0,4}N|N[^，。；]{0,14}(?:正在|正忙|忙碌|忙着|走出来|埋头|围坐|围着|熟练|排起|聚集|赶来|穿梭)"
)
_SCENE = {"步", "层", "声", "度", "对", "组", "辆"}


def sums_up(sentence: str) -> bool:
    """True for a sentence that speaks of many, as the paragraph after a story does."""
    return (
        re.search(
            rf"{_PLURAL.pattern}|今年以来|近年来|近[一二三几\d]年|去年|全年|上半年|季度|[省市县区镇乡](?:人社局|政府|委)",
            sentence,
        )
        is not None
    )


def story_like(sentence: str, previous_is_story: bool) -> bool:
    """True if the sentence tells of one person or family."""
    if _PERSON.search(sentence):
        return True
    return previous_is_story and not _PLURAL.search(sentence)


def find_kind(
    mention: Mention, found: Found | None, clause: str, chain: str, sentence: str, story: bool, small: bool
) -> str:
    """Kind of a figure. `clause` and `chain` are its words with N for it; `small` says 一, 两, 三 in characters."""
    measure = found.measure if found else "other"
    group = mention.unit.group
    if mention.numeral == "chinese" and _scale_alone(mention):
        return "context"  # 千人基地, 万人招聘会; and 创收亿元 where a host has dropped the digits
    if measure == "zero_employment_households" and mention.value == 0:
        return "target" if _plan_ahead(clause, chain) or not _KEPT.search(clause) else "actual"
    if mention.value == 1 and re.search(r"每[^，。；]{0,16}N", clause):
        return "context"  # 每招用1人, 每户至少1人: a unit, not a count
    if group in ("age", "duration"):
        return _aside(mention, clause, story)
    if measure in ("course_hours_share", "interest_subsidy_share"):
        return "programme_parameter"
    if measure in ("loan_cap", "subsidy_rate"):
        if "人均" in clause and not re.search(r"标准|给予|可", clause):
            return "actual"  # what it came to, not what is laid down
        rule = mention.qualifier == "up_to" or _RULE.search(clause)
        return "individual" if story and not rule else "programme_parameter"
    if measure == "criteria_count":
        return "programme_parameter" if _is_rule_count(mention, sentence) else "context"
    if measure == "stipend":
        return "individual" if story else "programme_parameter" if _RULE.search(clause) else "actual"
    if measure == "wage":
        return "target" if _plan_ahead(clause, chain) else _wage_kind(clause, sentence, story)
    if measure == "change_vs_base":
        return "rate" if group == "percent" else "actual"
    if group == "percent" and re.search(r"[由从]N[^，。；]{0,3}[提上增升]", clause):
        return "rate"  # 由62%提高到90%: where it starts
    if group == "percent":
        return "target" if _plan_ahead(clause, chain) and measure != "completion_rate" else "rate"
    if mention.text.startswith("不") and mention.qualifier == "at_least" and _YEARLY.search(clause):
        return "target"  # 全年不少于20场
    if _is_task(mention, clause):
        return "target"
    if _own_affair(mention, measure, clause, sentence, story, small):
        return "individual" if story else "context"
    if _plan_ahead(clause, chain):
        return "target"
    return "actual"


_ROUND_LEAD = tuple("上过超近逾破")
_SCALE_ALONE = re.compile(
    r"(?:[十百千万亿]+[^十百千万亿多余几来]{0,3}|[万亿]多[人名户个元]{1,2})(?:以上|左右|以内|以下)?"
)


def _scale_alone(mention: Mention) -> bool:
    at = mention.core - mention.start
    return (
        _SCALE_ALONE.fullmatch(mention.text[at:]) is not None and mention.text[max(0, at - 1) : at] not in _ROUND_LEAD
    )


def _is_task(mention: Mention, clause: str) -> bool:
    """The figure is what was to be done: 下达任务551人, 完成目标任务28万人的105%."""
    if mention.unit.group != "money" and _TASK_PEOPLE.search(clause):
        return True
    if not _TASK.search(clause):
        return False
    return bool(re.search(r"N[^，。；]{0,8}的", clause)) or not re.search(r"完成[^，。；]{0,20}N|超额", clause)


def _plan_ahead(clause: str, chain: str) -> bool:
    """A word of planning in the clause, or earlier in the chain with no word of having done between."""
    here = [m.end() for m in _PLAN.finditer(clause)]
    if here:
        return re.search(r"已|累计|超额", clause[min(here) :]) is None
    before = chain + "N"
    plans = [m.end() for m in _PLAN.finditer(before)]
    if _PLAN_HERE.search(clause) and not re.search(r"完成|超额|实现了", clause):
        return True
    if not plans:
        return False
    done = [m.start() for m in _DONE.finditer(before)]
    return not done or max(plans) > max(done)


def _aside(mention: Mention, clause: str, story: bool) -> str:
    if mention.unit.group == "duration" and re.search(
        r"N(?:多)?[前后来内]|(?:近|最近|过去|短短|每|仅|仅用|不到)N|N(?:以)?[来内]", clause
    ):
        return "time_reference"
    if story:
        return "individual"
    return "context"


def _is_rule_count(mention: Mention, sentence: str) -> bool:
    if mention.unit.name == "类":
        return bool(re.search(r"补贴|补助|明确|政策|规定|认定|标准|享受|纳入", sentence))
    return True


def _wage_kind(clause: str, sentence: str, story: bool) -> str:
    if re.search(r"人均|户均|平均|均可|每人|人月均|普遍|务工人员|工人们|员工们|社员|村民们", clause):
        return "actual"
    if re.search(r"(?:多的|最多|高的|好的|有的|快的|手快)[^，。；]{0,12}N", clause):
        return "individual"  # 多的一个月能拿到4000元 is the best of them
    if re.search(
        r"从[^，。；]{0,4}N[^，。；]{0,3}(?:涨|提|增|升)|(?:涨|提|增|升)[^，。；]{0,2}[到至]N", clause
    ) and not _PLURAL.search(sentence):
        return "individual"
    if re.search(r"N[^，。；]{0,4}的?(?:占|岗位|职位)", clause):
        return "context"  # 月收入3000元以上的占65%: the edge of a class
    spoken = sentence.startswith("“") and not _PLURAL.search(sentence)
    return "individual" if story or spoken else "actual"


def _own_affair(mention: Mention, measure: str, clause: str, sentence: str, story: bool, small: bool) -> bool:
    """True for what only tells of one case or sets the scene."""
    group, name = mention.unit.group, mention.unit.name
    if name in _SCENE:
        return True
    if small and not re.search(r"[一-鿿]{2}N(?:$|[，。；、）])", clause + "。"):
        return True  # 一个电工岗, 三个方面; but 新建车间两个
    if name == "次" and mention.value is not None and mention.value < 10 and measure != "job_events_held":
        return True  # 至少1次职业指导: what each one gets
    if small and mention.value is not None and mention.value <= 1:
        return True
    if re.search(r"对[^，。；]{0,24}N的", clause):
        return True  # 对吸纳10人以上的车间: a condition
    if group == "people" and re.search(r"一行N", clause):
        return True
    if group == "people" and _SEEN.search(clause):
        return True
    if measure == "other":
        if sentence.startswith("“") and not _PLURAL.search(sentence):
            return True  # spoken: 搬家的要4个人, 离家也就3公里
        if group in ("stock", "measure", "paper") and story:
            return True
        if story or (mention.value is None and group != "money"):
            return True
        if re.search(r"(?:占地|面积|只有|距离?|全长|海拔|身高|体重|位于|现有村民|辖)[^，。]{0,8}N", clause):
            return True
        if name in ("吨", "米", "公里", "平方米", "亩", "斤", "公斤", "级", "类", "种"):
            return mention.numeral != "arabic"
        return False
    if story and group == "money" and not _PLURAL.search(sentence):
        return True
    return bool(
        story
        and group in ("thing", "paper", "event", "class", "organisation", "people")
        and not _PLURAL.search(sentence)
        and (mention.value is None or mention.value <= 5)
    )
