"""Loans, subsidies, exits from minimum living security, targets and claims."""

from __future__ import annotations

from tests.contract.rule_cases import (
    AT_WORK,
    CHILD,
    EMPLOYMENT,
    GROWN,
    HOUSEHOLDS,
    OTHER,
    OTHER_HEAD,
    REGISTER,
    STRANGER,
    UNABLE,
    UNFIT,
    WOMAN,
    FeedCases,
    case,
    person,
)

MICRO = {"loan_kind": "小额信贷", "principal": "50000"}
FIRM = {"borrower_kind": "小微企业", "person_id": None}

LOAN = FeedCases(
    organisation="B9901",
    base={
        "receipt_no": "R1",
        "contract_no": "C1",
        "district_code": "990101",
        "loan_kind": "创业担保贷款",
        "borrower_kind": "个人",
        "person_id": GROWN,
        "principal": "200000",
        "annual_rate": "3.6",
        "issued_on": "2025-06-03",
        "due_on": "2028-06-02",
    },
    cases={
        "LON-01": case({"due_on": "2025-06-04"}, {"due_on": "2025-06-03"}),
        "LON-02": case({"outstanding": "200000"}, {"outstanding": "200001"}),
        "LON-03": case(
            [
                {"principal": "300000"},
                {"receipt_no": "R2", "principal": "4000000", **FIRM},
                {"receipt_no": "R3", "principal": "600000", "district_code": "440305"},
                {"receipt_no": "R4", "principal": "200000", "issued_on": "2023-08-31", "due_on": "2024-08-30"},
            ],
            [
                {"principal": "300001"},
                {"receipt_no": "R2", "principal": "4000001", **FIRM},
                {"receipt_no": "R3", "principal": "600001", "district_code": "440305"},
                {"receipt_no": "R4", "principal": "200001", "issued_on": "2023-08-31", "due_on": "2024-08-30"},
                {"receipt_no": "R5", "principal": "900000", "loan_kind": "小额信贷"},
            ],
            4,
        ),
        "LON-04": case(
            {"due_on": "2028-06-22"},
            [{"due_on": "2028-06-23"}, {"receipt_no": "R2", **FIRM, "due_on": "2027-07-31"}],
            2,
        ),
        "LON-05": case(MICRO, {**MICRO, "principal": "50001"}),
        "LON-06": case({**MICRO, "due_on": "2028-06-22"}, {**MICRO, "due_on": "2028-06-23"}),
        "LON-07": case(MICRO, {**MICRO, **FIRM}),
        "LON-08": case({"repaid_on": "2025-06-03"}, {"repaid_on": "2025-06-02"}),
        "LON-09": case({"repaid_on": "2026-06-03"}, {"repaid_on": "2026-06-04"}),
        "LON-10": case({"issued_on": "2026-06-03"}, {"issued_on": "2026-06-04"}),
        "LON-11": case({"overdue_since": "2025-06-03"}, {"overdue_since": "2025-06-02"}),
        "LON-12": case({"extended_to": "2028-06-03"}, {"extended_to": "2028-06-02"}),
        "LON-13": case(
            {"repaid_on": "2026-01-01", "outstanding": "0"}, {"repaid_on": "2026-01-01", "outstanding": "1"}
        ),
        # 200,000 x 3.6 % x 365 / 360 x 0.5 = 3,650 to the day of receipt; overdue after 36 days: 360
        "LON-14": case(
            {"interest_subsidy_paid": "3650"},
            [
                {"interest_subsidy_paid": "3651"},
                {"receipt_no": "R2", "overdue_since": "2025-07-09", "interest_subsidy_paid": "361"},
                {"receipt_no": "R3", "overdue_since": "2025-07-09", "interest_subsidy_paid": "360"},
            ],
            2,
        ),
        "LON-15": case({}, {"person_id": None}),
        "LON-16": case({"person_id": person(1, "20070603")}, {"person_id": person(1, "20070604")}),
        "LON-17": case(
            [{"receipt_no": f"R{n}", "contract_no": f"C{n % 3}"} for n in range(4)],
            [{"receipt_no": f"R{n}", "contract_no": f"C{n}"} for n in range(4)],
            4,
        ),
        "LON-19": case(
            {"jobs_brought": "3", "needy_jobs_brought": "3"}, {"jobs_brought": "3", "needy_jobs_brought": "4"}
        ),
        "LON-18": case(
            [
                {"district_code": "130402", "annual_rate": "4.5"},
                {
                    "receipt_no": "R2",
                    "district_code": "430702",
                    "issued_on": "2024-10-20",
                    "due_on": "2026-10-19",
                    "annual_rate": "4.85",
                },
                {"receipt_no": "R3", "annual_rate": "20"},
                {"receipt_no": "R4", "district_code": "130402", "annual_rate": "9", "loan_kind": "小额信贷"},
            ],
            [
                {"district_code": "130402", "annual_rate": "4.51"},
                {
                    "receipt_no": "R2",
                    "district_code": "430702",
                    "issued_on": "2024-10-21",
                    "due_on": "2026-10-20",
                    "annual_rate": "4.85",
                },
            ],
            2,
        ),
    },
)

FLEXIBLE = {"subsidy_kind": "灵活就业社保补贴", "contribution": "3000", "amount": "2000", "monthly_standard": None}
PUBLIC = {"subsidy_kind": "公益性岗位补贴"}
ONCE = {"subsidy_kind": "求职补贴", "month_to": "2026年1月", "amount": "600"}

SUBSIDY = FeedCases(
    organisation="990101",
    base={
        "name": "张三",
        "person_id": GROWN,
        "subsidy_kind": "就业见习补贴",
        "month_from": "2026年1月",
        "month_to": "2026年3月",
        "monthly_standard": "600",
        "amount": "1800",
    },
    known={
        "register": REGISTER,
        "public_posts": [{"id": GROWN, "is_known": True}],
        "work_outside": [{"id": GROWN, "is_known": True}, {"id": WOMAN, "is_known": False}],
        "sites": [{"key": "S1", "is_known": True, "withdrawn_on": "2026-01-31"}, {"key": "S2", "is_known": True}],
    },
    cases={
        "SUB-01": case(
            [{"month_to": "2026年1月", "amount": "600"}, {"month_from": "2026-02-10", "month_to": "2026-02-10"}],
            [{"month_to": "2025年12月", "amount": "600"}, {"month_from": "2026-02-10", "month_to": "2026-02-09"}],
            2,
        ),
        "SUB-02": case({"months": "3"}, {"months": "4"}),
        "SUB-03": case({}, {"amount": "1801"}),
        "SUB-04": case(
            {"subsidy_kind": "就业帮扶车间补贴", "employer_name": "厂", "monthly_standard": "1000"},
            {"subsidy_kind": "就业帮扶车间补贴", "employer_name": "厂", "monthly_standard": "1001"},
            organisation="370102",
        ),
        "SUB-05": case({"paid_on": "2026-06-03"}, {"paid_on": "2026-06-04"}),
        "SUB-06": case({"paid_on": "2026-01-01"}, {"paid_on": "2025-12-31"}),
        "SUB-07": case(
            [{}, {"month_from": "2026年4月", "month_to": "2026年5月", "amount": "1200"}],
            [
                {},
                {"month_from": "2026年3月", "month_to": "2026年5月"},
                {"person_id": WOMAN},
                {"person_id": WOMAN, "month_from": "2026-03-31", "month_to": "2026年5月"},
            ],
            2,
        ),
        "SUB-08": case(
            [PUBLIC, {**FLEXIBLE, "month_from": "2026年4月", "month_to": "2026年5月"}],
            [
                PUBLIC,
                {**FLEXIBLE, "month_from": "2026年3月", "month_to": "2026年5月"},
                {"month_from": "2026年2月"},
                {**PUBLIC, "person_id": WOMAN},
                {**FLEXIBLE, "person_id": WOMAN, "month_from": "2026-03-31", "month_to": "2026年5月"},
            ],
            2,
        ),
        "SUB-09": case(
            {**PUBLIC, "month_from": "2023年6月", "month_to": "2026年5月"},
            [
                {**PUBLIC, "month_from": "2021年1月", "month_to": "2022年12月"},
                {**PUBLIC, "month_from": "2025年1月", "month_to": "2026年1月"},
            ],
            2,
        ),
        "SUB-10": case({"person_id": person(1, "20100101")}, {"person_id": person(1, "20100102")}),
        "SUB-11": case(
            [FLEXIBLE, {**FLEXIBLE, "month_from": "2026年2月", "contribution": "3000000", "amount": "2000001"}],
            {**FLEXIBLE, "amount": "2001"},
        ),
        "SUB-12": case(FLEXIBLE, {**FLEXIBLE, "contribution": None}),
        "SUB-13": case(ONCE, [ONCE, {**ONCE, "month_from": "2026年5月", "month_to": "2026年5月"}]),
        "SUB-14": case(
            {"subsidy_kind": "一次性吸纳就业补贴", "employer_name": "厂"}, {"subsidy_kind": "一次性吸纳就业补贴"}
        ),
        "SUB-15": case(PUBLIC, {**PUBLIC, "person_id": WOMAN}),
        "SUB-16": case(
            {"subsidy_kind": "交通补贴"},
            [{"subsidy_kind": "交通补贴", "person_id": WOMAN}, {"subsidy_kind": "劳务输出补贴", "person_id": STRANGER}],
            2,
        ),
        "SUB-17": case({}, [{"person_id": UNABLE}, {"person_id": UNFIT}], 2),
        "SUB-18": case(
            [{"site_code": "S1"}, {"site_code": "S1", "month_from": "2026-01-31"}],
            {"site_code": "S1", "month_from": "2026年2月"},
        ),
        "SUB-19": case({"site_code": "S2"}, {"site_code": "S9"}),
    },
)

WORK = {"reason": "就业增收", "member_id": GROWN, "income_per_head": "900"}

DIBAO_EXIT = FeedCases(
    base={
        "household_head_name": "张三",
        "household_head_id": GROWN,
        "dibao_started_on": "2023-01-01",
        "exited_on": "2026-05-10",
        "reason": "财产超标",
        "persons_covered": "2",
    },
    known={"employment": EMPLOYMENT, "households_at_work": AT_WORK, "households": HOUSEHOLDS},
    cases={
        "DBX-01": case({"dibao_started_on": "2026-05-10"}, {"dibao_started_on": "2026-05-11"}),
        "DBX-02": case({"exited_on": "2026-06-03"}, {"exited_on": "2026-06-04"}),
        "DBX-03": case({"approved_on": "2026-06-03"}, {"approved_on": "2026-06-04"}),
        "DBX-04": case({"approved_on": "2026-05-10"}, {"approved_on": "2026-05-11"}),
        "DBX-05": case(WORK, {**WORK, "member_id": None}),
        "DBX-06": case({"reason": "死亡", "is_voluntary": "否"}, {"reason": "死亡", "is_voluntary": "是"}),
        "DBX-07": case({**WORK, "local_standard": "900"}, {**WORK, "local_standard": "901"}),
        "DBX-08": case(WORK, {**WORK, "income_per_head": None}),
        "DBX-09": case(
            {"local_standard": "600", "monthly_benefit": "1200"}, {"local_standard": "600", "monthly_benefit": "1201"}
        ),
        "DBX-10": case({"dibao_started_on": "2026-04-30"}, {"dibao_started_on": "2026-05-01"}),
        "DBX-11": case(
            [{"exited_on": "2025-01-01"}, {"dibao_started_on": "2025-06-01"}],
            [
                {"exited_on": "2025-01-01"},
                {},
                {"household_head_id": OTHER_HEAD},
                {"household_head_id": WOMAN, "exited_on": "2025-01-01"},
                {"household_head_id": WOMAN, "dibao_started_on": "2025-01-01"},
            ],
            2,
        ),
        "DBX-12": case({**WORK, "member_id": person(1, "20100510")}, {**WORK, "member_id": CHILD}),
        "DBX-13": case(WORK, {**WORK, "member_id": OTHER}),
        "DBX-14": case(WORK, {**WORK, "household_head_id": OTHER_HEAD}),
        "DBX-15": case({}, {"household_head_id": OTHER_HEAD}),
        "DBX-16": case({"persons_covered": "3"}, {"persons_covered": "4"}),
    },
)

TARGET = FeedCases(
    organisation="990101",
    base={"area_code": "990101001", "year": "2026", "placements_target": "100"},
    cases={
        "TGT-01": case({}, {"area_code": "990102001"}),
        "TGT-02": case({}, {"year": "2025"}),
        "TGT-03": case(
            {"placements_target": "0", "ventures_target": "1", "skill_training_target": "0"},
            {"placements_target": "0", "ventures_target": "0", "skill_training_target": "0"},
        ),
    },
)

CASE_REPORT = FeedCases(
    organisation="N9901",
    base={
        "claim_id": "c1",
        "article_id": "a1",
        "article_version": "v1",
        "source": "青溪新闻网",
        "measure": "persons_placed",
        "kind": "actual",
        "value_text": "120人",
        "qualifier_class": "exact",
        "is_subset": "false",
        "scope": "place",
        "sentence": "全区帮扶就业120人。",
        "sentence_start": "0",
        "confidence": "0.9",
    },
    cases={
        "CLM-01": case({"value_min": "1", "value_max": "1"}, {"value_min": "2", "value_max": "1"}),
        "CLM-02": case(
            {"period_start": "2026-05-31", "period_end": "2026-05-31"},
            {"period_start": "2026-05-31", "period_end": "2026-05-30"},
        ),
        "CLM-03": case(
            [{"value": "5", "value_min": "5"}, {"value": "480", "value_min": "481", "qualifier_class": "more_than"}],
            {"value": "5", "value_min": "6"},
        ),
        "CLM-04": case(
            [{"value": "5", "value_max": "5"}, {"value": "200", "value_max": "199", "qualifier_class": "nearly"}],
            {"value": "5", "value_max": "4"},
        ),
        "CLM-05": case(
            [{"measure": "placement_rate", "value": "100"}, {"measure": "completion_rate", "value": "113.1"}],
            {"measure": "stable_employment_rate", "value": "113.1"},
        ),
        "CLM-06": case(
            {"measure": "placement_rate", "value_max": "100"}, {"measure": "placement_rate", "value_max": "101"}
        ),
        "CLM-07": case({"value_min": "0"}, {"value_min": "-1"}),
        "CLM-08": case(
            [{"place_code": "340406"}, {"place_code": "990101001"}, {"place_code": "340406001"}],
            [{"place_code": "340499"}, {"place_code": "990101009"}],
            2,
        ),
        "CLM-09": case({}, {"value_text": "121人"}),
        "CLM-10": case(
            {"sentence": "全区帮扶就业120人，投入13800138000.5元。"},
            [
                {"sentence": "全区帮扶就业120人，电话13800138000。"},
                {"sentence": "全区帮扶就业120人，张某某（11010519491231002X）。"},
            ],
            2,
        ),
        "CLM-11": case(
            [
                {"published_on": "2026-05-20", "period_end": "2026-05-20"},
                {"published_on": "2026-05-20", "period_end": "2026-12-31", "kind": "target"},
            ],
            {"published_on": "2026-05-20", "period_end": "2026-05-21"},
        ),
        "CLM-12": case({"published_on": "2026-06-03"}, {"published_on": "2026-06-04"}),
        "CLM-13": case({"kind": "rate", "unit": "%"}, {"kind": "rate", "unit": "人"}),
    },
    known={"divisions": [{"key": "990101001", "is_known": True}]},
)
CASE_STORY = FeedCases(
    organisation="N9901",
    base={
        "case_id": "s1",
        "article_id": "a1",
        "article_version": "v1",
        "source": "青溪新闻网",
        "actions": "training>placement",
        "outcome": "employed",
        "evidence": "张某某参加培训后到服装厂上班。",
        "sentence_start": "0",
        "confidence": "0.9",
    },
    cases={
        "STY-01": case({}, {"evidence": "张某某，电话13800138000。"}),
        "STY-02": case({"place_code": "340406"}, {"place_code": "990101009"}),
        "STY-03": case({"monthly_wage": "3200"}, [{"monthly_wage": "32"}, {"monthly_wage": "320000"}], 2),
        "STY-04": case(
            {"training_on": "2026-03-01", "certificate_on": "2026-03-01"},
            {"training_on": "2026-03-01", "certificate_on": "2026-02-01"},
        ),
        "STY-05": case(
            {"published_on": "2026-05-20", "placement_on": "2026-05-01"},
            {"published_on": "2026-05-20", "placement_on": "2026-06-01"},
        ),
    },
    known={"divisions": [{"key": "990101001", "is_known": True}]},
)
