"""What size, qualifier, unit and the sentence before say of a measure that the words alone would get wrong."""

from __future__ import annotations

import re
from dataclasses import replace

from zaoxue.news.measures import Around, Found
from zaoxue.news.mentions import Mention

# 开发公益性岗位1200个，安置困难人员1180人: the posts of the clause before are the means.
_THROUGH_POSTS = re.compile(r"公益[^，。；]{0,3}岗位?[^，。；]*，[^，。；]*(?:安置|聘用|上岗|吸纳)[^，。；]*$")
_AT_A_FAIR = re.compile(
    r"见习岗位|岗位[^，。；]{0,14}招聘|设展|求职者|招聘(?:会|活动|专场)|活动现场|专场|参会|进场|春风行动|用人单位|洽谈会|双选会|直播带岗"
)
_OF_THE_TASK = re.compile(r"(?:目标|任务)[^。；]*完成[^，。；]*，占$")
_SITE_UNITS = ("个", "家", "座", "处", "所", "间", "场")
_LARGE_WAGE, _LARGE_RATE = 500_000, 50_000


def settle(mention: Mention, found: Found | None, words: Around, told: str) -> Found | None:
    """`found` put right: nobody earns a million a month, that is a total. `told` is the sentence and the one before."""
    if "贷" in mention.text and mention.qualifier == "up_to":
        return Found("loan_cap", 0.95)  # 最多可贷400万元
    if mention.unit.group == "percent" and mention.text.endswith("贴息"):
        return Found("interest_subsidy_share", 0.95)
    if found is None or mention.value is None:
        return found
    if found.measure == "composition_share" and _OF_THE_TASK.search(words.chain):
        return replace(found, measure="completion_rate")
    if found.measure == "wage" and found.tier == 2 and re.search(r"每个?岗位?|每岗", words.clause):
        return replace(found, measure="subsidy_rate")  # what a post is paid, no one's income
    if found.measure.startswith("sites_") and mention.unit.name not in _SITE_UNITS:
        return None  # 驿站提供12项服务
    per_head = re.search(r"每(?!年)|人均|户均|标准|平均", words.clause)
    if found.strength <= 0.6 and found.measure == "ventures_supported" and mention.unit.group == "people":
        return None  # 返乡创业 of one person does not make ventures of the people named after it
    if found.measure == "loan_amount" and mention.qualifier == "up_to":
        return replace(found, measure="loan_cap")
    if found.measure == "subsidy_amount" and mention.qualifier == "up_to":
        return replace(found, measure="subsidy_rate")  # a ceiling is a standard
    if found.measure == "fund_amount" and per_head:
        return replace(found, measure="subsidy_rate")
    if found.measure == "jobs_created" and _AT_A_FAIR.search(told):
        return replace(found, measure="vacancies_offered")
    if found.measure == "persons_placed" and _THROUGH_POSTS.search(words.chain):
        return replace(found, measure="public_posts")
    if found.measure == "stipend" and mention.value >= _LARGE_RATE and not per_head:
        return replace(found, measure="subsidy_amount")  # 发放生活补助199万元 is a total
    if found.measure == "wage" and mention.value >= _LARGE_WAGE and not per_head:
        return replace(found, measure="labour_income_total")
    if (
        found.measure == "subsidy_rate"
        and mention.value >= _LARGE_RATE
        and not per_head
        and mention.qualifier != "up_to"
    ):
        return replace(found, measure="subsidy_amount")
    return found
