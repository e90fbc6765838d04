"""People, training, households and their plans."""

from __future__ import annotations

from tests.contract.rule_cases import (
    AT_WORK,
    CHILD,
    EMPLOYMENT,
    GROWN,
    HOUSEHOLDS,
    IDLE,
    OTHER,
    OTHER_HEAD,
    PUPIL,
    REGISTER,
    STRANGER,
    UNABLE,
    UNFIT,
    WOMAN,
    FeedCases,
    case,
    person,
)

WORKING = {"employment_status": "转移就业"}
STAGES = ("上中学", "上职业院校", "上技校", "上普通高校")
OLDER = {"hardship_categories": "大龄", "hardship_recognised_on": "2026-05-01"}

PERSON = FeedCases(
    base={
        "household_head_name": "张三",
        "household_head_id": GROWN,
        "name": "张三",
        "person_id": GROWN,
        "phone": "13900000000",
        "education": "初中",
        "registered_on": "2025-01-10",
    },
    known={"employment": EMPLOYMENT, "households": HOUSEHOLDS},
    cases={
        "PSN-01": case({"stated_sex": "男"}, {"stated_sex": "女"}),
        "PSN-02": case({"registered_on": "2026-06-03"}, {"registered_on": "2026-06-04"}),
        "PSN-03": case(
            [{}, {"person_id": WOMAN}],
            [{}, {"person_id": WOMAN, "household_head_id": OTHER_HEAD}, {"person_id": IDLE, "phone": "13900000001"}],
            2,
        ),
        "PSN-04": case([{}, {"person_id": WOMAN}], [{}, {"person_id": WOMAN, "household_head_name": "李四"}], 2),
        "PSN-05": case(
            {**WORKING, "person_id": person(1, "20100603")},
            [{**WORKING, "person_id": person(1, "20100604")}, {"person_id": CHILD, "employment_status": "未就业创业"}],
        ),
        "PSN-06": case(
            {**WORKING, "labour_ability": "弱劳动力"},
            [{**WORKING, "labour_ability": ability} for ability in ("无劳动力", "丧失劳动力")],
            2,
        ),
        "PSN-07": case({**WORKING}, [{**WORKING, "school_status": stage} for stage in STAGES], len(STAGES)),
        "PSN-08": case(
            {"hardship_categories": "残疾、低保", "is_disabled": "是"},
            {"hardship_categories": "残疾", "is_disabled": "否"},
        ),
        "PSN-09": case(
            [
                {**OLDER, "person_id": person(1, "19760501")},
                {**OLDER, "person_id": person(2, "19860501")},
            ],
            [
                {**OLDER, "person_id": person(1, "19760502")},
                {**OLDER, "person_id": person(2, "19860502")},
                {**OLDER, "person_id": person(4, "19860501")},
            ],
            2,
        ),
        "PSN-10": case(
            {**OLDER, "person_id": person(1, "19651102")},
            [
                {**OLDER, "person_id": person(1, "19651101")},
                {**OLDER, "person_id": person(2, "19701101")},
                {**OLDER, "person_id": person(4, "19701102")},
            ],
            2,
        ),
        "PSN-11": case(OLDER, {"hardship_recognised_on": "2026-05-01"}),
        "PSN-12": case(
            {**OLDER, "hardship_recognised_on": "2026-06-03"}, {**OLDER, "hardship_recognised_on": "2026-06-04"}
        ),
        "PSN-13": case(
            [{"hardship_categories": "离校未就业毕业生", "education": level} for level in ("大专", "本科及以上")],
            {"hardship_categories": "离校未就业毕业生"},
        ),
        "PSN-14": case(
            {"labour_ability": "丧失劳动力", "employment_intent": "无就业创业意愿"},
            {"labour_ability": "丧失劳动力", "employment_intent": "有创业意愿"},
        ),
        "PSN-15": case({"person_id": person(1, "19260604")}, {"person_id": person(1, "19260603")}),
        "PSN-16": case(
            {"person_id": IDLE, "employment_status": "未就业创业"},
            {"person_id": GROWN, "employment_status": "未就业创业"},
        ),
        "PSN-17": case(WORKING, {**WORKING, "person_id": IDLE}),
        "PSN-18": case({}, {"household_head_id": OTHER_HEAD}),
        "PSN-19": case(
            [{"phone": "13900000002"}, {"phone": "13900000003"}],
            [{"phone": "13900000004"}, {"phone": "13900000003", "person_id": WOMAN}],
            elsewhere=[
                {"phone": "13900000002", "person_id": IDLE},
                {"phone": "13900000004", "person_id": OTHER, "household_head_id": OTHER_HEAD},
            ],
        ),
    },
)

SUBSIDISED = {"living_allowance": "200", "training_days": "5"}

TRAINING = FeedCases(
    base={
        "name": "张三",
        "person_id": GROWN,
        "training_type": "创业培训",
        "course": "创业指导",
        "provider": "青溪技校",
        "started_on": "2026-03-01",
        "ended_on": "2026-03-10",
    },
    known={"register": REGISTER},
    cases={
        "TRN-01": case({"ended_on": "2026-03-01"}, {"ended_on": "2026-02-28"}),
        "TRN-02": case({"certified_on": "2026-03-01"}, {"certified_on": "2026-02-28"}),
        "TRN-03": case({"started_on": "2026-06-03", "ended_on": None}, {"started_on": "2026-06-04", "ended_on": None}),
        "TRN-04": case({"training_days": "10"}, {"training_days": "11"}),
        "TRN-05": case({"certified_on": "2026-03-10"}, {"certified_on": "2026-03-09"}),
        "TRN-06": case({"certified_on": "2026-06-03"}, {"certified_on": "2026-06-04"}),
        "TRN-07": case(SUBSIDISED, {**SUBSIDISED, "living_allowance": "201"}, organisation="370102001"),
        "TRN-08": case({"person_id": person(1, "20100301")}, {"person_id": person(1, "20100302")}),
        "TRN-09": case(
            [SUBSIDISED, {"started_on": "2026-04-01", "ended_on": "2026-04-05", "living_allowance": "0"}],
            [SUBSIDISED, {**SUBSIDISED, "started_on": "2026-04-01", "ended_on": "2026-04-05"}],
        ),
        "TRN-10": case(
            [{}, {"course": "养殖类", "started_on": "2026-03-10"}],
            [{}, {"course": "养殖类", "started_on": "2026-03-09"}],
        ),
        "TRN-11": case({"certificate_no": "C1", "certified_on": "2026-03-12"}, {"certificate_no": "C1"}),
        "TRN-12": case({}, [{"person_id": UNABLE}, {"person_id": UNFIT}], 2),
        "TRN-13": case({}, {"person_id": STRANGER}),
    },
)

COUNTS = {"member_count": "4", "labour_count": "2", "employed_count": "1", "not_employed_count": "1"}
HELPED = {"measures": "就业帮扶、技能培训", **COUNTS}
ELIMINATED = {"identified_on": "2025-01-15", "eliminated_on": "2025-07-15"}

HOUSEHOLD = FeedCases(
    base={
        "household_head_name": "张三",
        "household_head_id": GROWN,
        "phone": "13900000000",
        "address": "某村",
        "household_type": "低保户",
        "is_relocated": "否",
    },
    known={"households_at_work": AT_WORK},
    cases={
        "HHD-01": case({**COUNTS, "member_count": "2"}, {**COUNTS, "member_count": "1"}),
        "HHD-02": case({**COUNTS, "employed_count": "2"}, {**COUNTS, "employed_count": "3"}),
        "HHD-03": case({**COUNTS, "willing_count": "2"}, {**COUNTS, "willing_count": "3"}),
        "HHD-04": case(COUNTS, {**COUNTS, "not_employed_count": "2"}),
        "HHD-05": case(
            [{}, {"household_head_id": WOMAN, "phone": "13900000001"}], [{}, {"household_head_id": WOMAN}], 2
        ),
        "HHD-06": case({"is_relocated": "是", "settlement": "幸福小区"}, {"is_relocated": "是"}),
        "HHD-07": case({}, {"settlement": "幸福小区"}),
        "HHD-08": case({**ELIMINATED, "eliminated_on": "2025-01-15"}, {**ELIMINATED, "eliminated_on": "2025-01-14"}),
        "HHD-09": case(ELIMINATED, {**ELIMINATED, "eliminated_on": "2025-07-14"}),
        "HHD-10": case({**ELIMINATED, "eliminated_on": "2025-03-01"}, {**ELIMINATED, "eliminated_on": "2025-02-28"}),
        "HHD-11": case(HELPED, {**HELPED, "employed_count": "0", "not_employed_count": "2"}),
        "HHD-12": case(HELPED, {**HELPED, "household_head_id": OTHER_HEAD}),
        "HHD-13": case(
            {**HELPED, **ELIMINATED, "wage_income": "30000"},
            [{**HELPED, **ELIMINATED}, {**HELPED, **ELIMINATED, "household_head_id": WOMAN, "wage_income": "0"}],
            2,
        ),
        "HHD-14": case(
            {**COUNTS, "household_type": "零就业家庭", "employed_count": "0"},
            {**COUNTS, "household_type": "零就业家庭"},
        ),
        "HHD-15": case(
            {"household_type": "零就业家庭", "labour_count": "1"}, {"household_type": "零就业家庭", "labour_count": "0"}
        ),
        "HHD-16": case(
            {"household_type": "监测对象", "monitored_kind": "边缘易致贫户"}, {"household_type": "监测对象"}
        ),
        "HHD-17": case({"identified_on": "2026-06-03"}, {"identified_on": "2026-06-04"}),
        "HHD-18": case({"eliminated_on": "2026-06-03"}, {"eliminated_on": "2026-06-04"}),
        "HHD-19": case({"recognised_year": "2026"}, {"recognised_year": "2027"}),
        "HHD-20": case(
            {**COUNTS, "household_type": "特困供养户", "employed_count": "0"},
            {**COUNTS, "household_type": "特困供养户"},
        ),
        "HHD-21": case(
            {**COUNTS, "wage_income": "30000"},
            {**COUNTS, "wage_income": "30000", "employed_count": "0", "not_employed_count": "2"},
        ),
        "HHD-22": case({"household_head_id": person(1, "20080603")}, {"household_head_id": person(1, "20080604")}),
    },
)

STIPEND: dict[str, str | None] = {
    "measure": "助学补助",
    "member_id": PUPIL,
    "term": "春季学期",
    "school_stage": "高中",
    "stipend_standard": "1600",
    "stipend_amount": "1600",
}

ASSISTANCE_PLAN = FeedCases(
    base={
        "household_head_name": "张三",
        "household_head_id": GROWN,
        "plan_year": "2026",
        "measure": "就业帮扶",
        "contact_office": "区人社局",
        "planned_on": "2026-01-10",
    },
    known={"households_at_work": AT_WORK, "households": HOUSEHOLDS},
    cases={
        "APL-01": case({"finished_on": "2026-01-10"}, {"finished_on": "2026-01-09"}),
        "APL-02": case({"target_on": "2026-01-10"}, {"target_on": "2026-01-09"}),
        "APL-03": case({"planned_on": "2026-06-03"}, {"planned_on": "2026-06-04"}),
        "APL-04": case({"finished_on": "2026-06-03"}, {"finished_on": "2026-06-04"}),
        "APL-05": case({**STIPEND, "stipend_paid_on": "2026-06-03"}, {**STIPEND, "stipend_paid_on": "2026-06-04"}),
        "APL-06": case(STIPEND, {**STIPEND, "member_id": None}),
        "APL-07": case(STIPEND, {**STIPEND, "term": None}),
        "APL-08": case(STIPEND, {**STIPEND, "stipend_amount": None}),
        "APL-09": case(STIPEND, {**STIPEND, "school_stage": None}),
        "APL-10": case(STIPEND, {**STIPEND, "stipend_amount": "2400"}),
        "APL-11": case({}, {"stipend_amount": "100"}),
        "APL-12": case(
            [
                STIPEND,
                {**STIPEND, "member_id": person(1, "20230110")},
                {**STIPEND, "member_id": person(1, "20010110")},
                {**STIPEND, "member_id": person(1, "20000111")},
            ],
            [{**STIPEND, "member_id": person(1, "20230111")}, {**STIPEND, "member_id": person(1, "20000110")}],
            2,
        ),
        "APL-13": case(STIPEND, {**STIPEND, "member_id": GROWN}),
        "APL-14": case(
            [STIPEND, {**STIPEND, "term": "秋季学期", "household_head_id": OTHER_HEAD}],
            [STIPEND, {**STIPEND, "household_head_id": OTHER_HEAD}, {**STIPEND, "member_id": OTHER}],
            2,
        ),
        "APL-15": case({"status": "已落实", "finished_on": "2026-05-01"}, {"status": "已落实"}),
        "APL-16": case({"status": "落实中"}, {"status": "落实中", "finished_on": "2026-05-01"}),
        "APL-17": case({**STIPEND, "stipend_paid_on": "2026-03-01"}, {"stipend_paid_on": "2026-03-01"}),
        "APL-18": case(
            {"status": "已落实", "finished_on": "2026-05-01"},
            [
                {"status": "已落实", "finished_on": "2026-05-01", "household_head_id": OTHER_HEAD},
                {"status": "落实中", "household_head_id": OTHER_HEAD, "measure": "公岗帮扶"},
            ],
        ),
        "APL-19": case({}, {"plan_year": "2025"}),
        "APL-20": case({}, {"household_head_id": OTHER_HEAD}),
    },
)
