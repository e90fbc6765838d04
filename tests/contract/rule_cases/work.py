"""Placements, follow-ups and referrals."""

from __future__ import annotations

from tests.contract.rule_cases import (
    EMPLOYMENT,
    GROWN,
    IDLE,
    IN_CARE,
    OTHER,
    PUPILS,
    REGISTER,
    STRANGER,
    UNABLE,
    UNFIT,
    WOMAN,
    FeedCases,
    case,
    person,
)

POST = {"special_programme": "公益专岗", "occupation": "家政类", "region": "乡（镇）内"}
SPELL_1 = {"started_on": "2025-01-01", "ended_on": "2025-12-31"}

PLACEMENT = FeedCases(
    base={
        "name": "张三",
        "person_id": GROWN,
        "channel": "组织介绍",
        "region": "省外",
        "employment_type": "转移就业",
        "employer_name": "东风纺织厂",
        "started_on": "2026-03-01",
        "monthly_wage": "3500",
        "contract_months": "12",
    },
    known={
        "register": REGISTER,
        "households": [
            {"key": "h9", "household_type": "extreme_poverty"},
            {"key": "h1", "household_type": "dibao"},
        ],
        "full_time_spells": [
            {"id": IDLE, "organisation_code": "990101003", "started_on": "2026-05-01"},
            {"id": IDLE, "organisation_code": "990102001", "started_on": "2026-01-01"},
        ],
    },
    cases={
        "PLC-01": case({"ended_on": "2026-03-01"}, {"ended_on": "2026-02-28"}),
        "PLC-02": case({"started_on": "2026-06-03"}, {"started_on": "2026-06-04"}),
        "PLC-03": case({"ended_on": "2026-06-03"}, {"ended_on": "2026-06-04"}),
        "PLC-04": case({"monthly_wage": "400"}, {"monthly_wage": "399"}),
        "PLC-05": case({"person_id": person(1, "20100301")}, {"person_id": person(1, "20100302")}),
        "PLC-06": case({"monthly_wage": "100"}, {"monthly_wage": "99.9"}),
        "PLC-07": case({"person_id": person(1, "19560302"), **POST}, {"person_id": person(1, "19560301"), **POST}),
        "PLC-08": case({"person_id": person(1, "20100301"), **POST}, {"person_id": person(1, "20100302"), **POST}),
        "PLC-09": case(
            {**POST, "started_on": "2023-06-01"},
            [
                {**POST, "started_on": "2021-01-01", "ended_on": "2022-12-31"},
                {**POST, "started_on": "2025-02-01"},
                {**POST, "started_on": "2025-02-01", "person_id": WOMAN},
            ],
            2,
        ),
        "PLC-10": case(
            [{**POST, **SPELL_1}, {**POST, "special_programme": "城镇公岗"}],
            [
                {**POST, **SPELL_1},
                {**POST, "special_programme": "城镇公岗"},
                {**POST, "special_programme": "特设公岗", "started_on": "2026-04-01"},
            ],
            3,
        ),
        "PLC-11": case(POST, {**POST, "occupation": None}),
        "PLC-12": case({"employer_kind": "村组公岗", **POST}, {"employer_kind": "村组公岗"}),
        "PLC-13": case(
            [{**POST, "region": region} for region in ("乡（镇）内", "乡（镇）外县内", "县外市内")],
            {**POST, "region": "省外"},
        ),
        "PLC-14": case(
            [SPELL_1, {"started_on": "2025-12-31"}, {"started_on": "2025-03-01", "employment_type": "灵活就业"}],
            [SPELL_1, {"started_on": "2025-12-30"}],
        ),
        "PLC-15": case([SPELL_1, {}], [{"started_on": "2025-01-01"}, {}]),
        "PLC-16": case({"end_reason": "辞职", "ended_on": "2026-05-01"}, {"end_reason": "辞职"}),
        "PLC-17": case({"started_on": "2021-06-01"}, {"started_on": "2021-05-31"}),
        "PLC-18": case(
            {"transport_subsidy": "0", "region": "乡（镇）内"}, {"transport_subsidy": "1", "region": "乡（镇）外县内"}
        ),
        "PLC-19": case({"transport_subsidy": "500"}, {"transport_subsidy": "501"}, organisation="611022001"),
        "PLC-20": case(
            [
                {"internship_subsidy": "900", "contract_months": "3"},
                {"internship_subsidy": "900", "contract_months": "12", "started_on": "2026-03-02"},
            ],
            [
                {"internship_subsidy": "900", "contract_months": "2"},
                {"internship_subsidy": "900", "contract_months": "13", "started_on": "2026-03-02"},
                {"internship_subsidy": "0", "contract_months": "1", "started_on": "2026-03-03"},
            ],
            2,
        ),
        "PLC-21": case({}, {"employer_name": None}),
        "PLC-22": case({}, {"monthly_wage": None}),
        "PLC-23": case(
            {"employment_type": "农业就业", "region": "乡（镇）内"},
            [{"employment_type": "农业就业", "region": region} for region in ("省外", "境外")],
            2,
        ),
        "PLC-24": case({}, [{"person_id": UNABLE}, {"person_id": UNFIT}], 2),
        "PLC-25": case({"person_id": GROWN}, [{"person_id": pupil} for pupil in PUPILS.values()], len(PUPILS)),
        "PLC-26": case({}, {"person_id": STRANGER}),
        "PLC-27": case({}, {"person_id": IN_CARE}),
        # Another township has OTHER at work all April, by its file of the night, and IDLE since May, by what stands.
        "PLC-28": case(
            [
                {"person_id": OTHER, "ended_on": "2026-04-01"},
                {"person_id": OTHER, "started_on": "2026-04-30"},
                {"person_id": OTHER, "employment_type": "灵活就业"},
                {"person_id": IDLE, "ended_on": "2026-05-01"},
            ],
            [
                {"person_id": OTHER, "ended_on": "2026-04-02"},
                {"person_id": OTHER, "started_on": "2026-04-29"},
                {"person_id": IDLE, "ended_on": "2026-05-02"},
                {"person_id": IDLE, "started_on": "2026-05-20"},
            ],
            4,
            elsewhere=[{"person_id": OTHER, "started_on": "2026-04-01", "ended_on": "2026-04-30"}],
        ),
        "PLC-29": case(
            [
                {"region": "乡（镇）内", "monthly_wage": "2540"},
                {"region": "省外", "monthly_wage": "2000"},
                {"region": "县外市内", "monthly_wage": "2420", "started_on": "2025-01-01", "ended_on": "2025-08-31"},
                {"region": "乡（镇）内", "monthly_wage": "2000", "employment_type": "灵活就业"},
            ],
            [
                {"region": "乡（镇）内", "monthly_wage": "2539"},
                {"region": "县外市内", "monthly_wage": "2420", "started_on": "2025-01-01", "ended_on": "2025-09-01"},
                {"region": "乡（镇）外县内", "monthly_wage": "2000", "started_on": "2026-04-01"},
            ],
            3,
            organisation="110101001",
        ),
    },
)

FOLLOW_UP = FeedCases(
    base={
        "name": "张三",
        "person_id": GROWN,
        "followed_up_on": "2026-05-20",
        "channel": "电话",
        "result": "在岗",
        "monthly_wage": "3500",
    },
    known={"employment": EMPLOYMENT},
    cases={
        "FUP-01": case({"followed_up_on": "2026-06-03"}, {"followed_up_on": "2026-06-04"}),
        "FUP-02": case({"followed_up_on": "2026-05-01"}, {"followed_up_on": "2026-04-30"}),
        "FUP-03": case({"followed_up_on": "2026-05-31"}, {"followed_up_on": "2026-06-01"}),
        "FUP-04": case({"monthly_wage": "100"}, {"monthly_wage": "99"}),
        "FUP-05": case({"monthly_wage": "400"}, {"monthly_wage": "399"}),
        "FUP-06": case({"result": "未联系上", "monthly_wage": None}, {"result": "离岗未就业"}),
        "FUP-07": case(
            {"result": "离岗未就业", "monthly_wage": None, "next_action": "推荐岗位"},
            {"result": "离岗未就业", "monthly_wage": None},
        ),
        "FUP-08": case({}, [{"person_id": IDLE}, {"person_id": WOMAN, "result": "换岗在岗"}]),
    },
)

HIRED = {"result": "录用", "started_on": "2026-05-25", "interviewed_on": "2026-05-20", "interview_result": "通过"}
REFUSED = {"result": "本人拒绝", "reason": "工资低"}

REFERRAL = FeedCases(
    base={
        "name": "张三",
        "person_id": GROWN,
        "vacancy_no": "V1",
        "employer_name": "东风纺织厂",
        "referred_on": "2026-05-10",
        "result": "待定",
    },
    known={
        "register": REGISTER,
        "employment": EMPLOYMENT,
        "vacancies": [
            {"key": f"V{n}", "is_known": True, "posted_on": "2026-05-01", "closes_on": "2026-05-31"}
            for n in range(1, 5)
        ],
    },
    cases={
        "REF-01": case({"interviewed_on": "2026-05-10"}, {"interviewed_on": "2026-05-09"}),
        "REF-02": case({"started_on": "2026-05-10"}, {"started_on": "2026-05-09"}),
        "REF-03": case(
            {"started_on": "2026-05-20", "interviewed_on": "2026-05-20"},
            {"started_on": "2026-05-19", "interviewed_on": "2026-05-20"},
        ),
        "REF-04": case({"referred_on": "2026-06-03"}, {"referred_on": "2026-06-04"}),
        "REF-05": case({"interviewed_on": "2026-06-03"}, {"interviewed_on": "2026-06-04"}),
        "REF-06": case({"started_on": "2026-06-03"}, {"started_on": "2026-06-04"}),
        "REF-07": case(HIRED, {"result": "录用"}),
        "REF-08": case({"result": "未录用"}, {"result": "本人拒绝", "started_on": "2026-05-20"}),
        "REF-09": case(HIRED, {**HIRED, "interview_result": "未参加"}),
        "REF-10": case({"interviewed_on": "2026-05-20", "interview_result": "通过"}, {"interview_result": "通过"}),
        "REF-11": case(REFUSED, {"result": "未录用"}),
        "REF-12": case({"person_id": person(1, "20100510")}, {"person_id": person(1, "20100511")}),
        "REF-13": case(
            [{**REFUSED, "vacancy_no": f"V{n}"} for n in (1, 2)],
            [*({**REFUSED, "vacancy_no": f"V{n}"} for n in (1, 2, 3)), {"vacancy_no": "V4"}],
            3,
        ),
        "REF-14": case(
            [HIRED, {**HIRED, "vacancy_no": "V2", "started_on": "2026-05-26"}], [HIRED, {**HIRED, "vacancy_no": "V2"}]
        ),
        "REF-15": case({"referred_on": "2026-05-01"}, {"referred_on": "2026-04-30"}),
        "REF-16": case({}, {"vacancy_no": "V99"}),
        "REF-17": case({"referred_on": "2026-05-01"}, {"referred_on": "2026-04-30"}),
        "REF-18": case({"referred_on": "2026-05-31"}, {"referred_on": "2026-06-01"}),
        "REF-19": case({}, [{"person_id": UNABLE}, {"person_id": UNFIT}], 2),
        "REF-20": case({}, {"person_id": STRANGER}),
        "REF-21": case(HIRED, {**HIRED, "person_id": WOMAN}),
    },
)
