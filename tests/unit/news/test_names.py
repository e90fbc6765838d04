"""Names of people are masked wherever they stand; places and institutions are not."""

from __future__ import annotations

import pytest

from zaoxue.news.names import find_names, mask_names


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("村民赵有田说，日子好了。", "村民赵某某说，日子好了。"),
        ("“我能挣钱了。”钱小满高兴地说。", "“我能挣钱了。”钱某某高兴地说。"),
        ("孙立告诉记者，他在车间上班。", "孙某告诉记者，他在车间上班。"),
        ("今年40岁的周满仓进了车间。", "今年40岁的周某某进了车间。"),
        (
            "家住柳桥镇石湾村的吴春草和爱人都在务工。吴春草说很好。",
            "家住柳桥镇石湾村的吴某某和爱人都在务工。吴某某说很好。",
        ),
        ("郑田（化名）主动退保。", "郑某（化名）主动退保。"),
        ("（记者 王晓舟 通讯员 冯远）", "（记者 王某某 通讯员 冯某）"),
        ("区就业局局长陈志远介绍，今年培训300人。", "区就业局局长陈某某介绍，今年培训300人。"),
        ("欧阳修远表示，车间缺人。", "欧某某某表示，车间缺人。"),
        ("买买提·吐尔逊，男，35岁。", "买某某·某某某，男，35岁。"),
        ("对石湾村的李有营、付德草2户困难家庭制定了方案。", "对石湾村的李某某、付某某2户困难家庭制定了方案。"),
    ],
)
def test_masked(text: str, masked: str) -> None:
    assert mask_names(text) == masked
    assert len(masked) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "青溪区就业服务中心负责人介绍，全年培训300人。",
        "安置点的工人高兴地说，工资按月发。",
        "区人社局工作人员告诉记者，政策不变。",
        "企业负责人表示，将扩大规模。",
        "柳桥镇石湾村的车间和合作社都在招人。",
        "李女士说，家门口上班很方便。",
        "老李说，谢谢大家。",
        "王师傅介绍，炉子要先热。",
        "记者了解到，全区共有车间12个。",
        "武汉市、黄石市的企业来了。",
        "学员成功就业，方便照顾家庭。",
        "贫困户和低保户都来报名。",
        "农民专业合作社的社员说，收入高了。",
    ],
)
def test_nothing_masked(text: str) -> None:
    assert find_names(text) == set()
