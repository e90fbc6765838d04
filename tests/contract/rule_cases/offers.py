"""Vacancies, sites and events."""

from __future__ import annotations

from tests.contract.rule_cases import FeedCases, case

CREDIT_CODE = "91350100M000100Y43"  # the example of GB 32100
WRONG_CODE = "91350100M000100Y44"
FULL = {"status": "已招满", "filled": "5"}
PUBLIC = {"post_kind": "公益性岗位"}

VACANCY = FeedCases(
    organisation="990101",
    base={
        "vacancy_no": "V1",
        "employer_name": "东风纺织厂",
        "post_title": "缝纫工",
        "openings": "5",
        "posted_on": "2026-05-01",
        "work_place": "青溪",
    },
    cases={
        "VAC-01": case({"wage_min": "3000", "wage_max": "3000"}, {"wage_min": "3000", "wage_max": "2999"}),
        "VAC-02": case({"age_min": "18", "age_max": "18"}, {"age_min": "18", "age_max": "17"}),
        "VAC-03": case({"age_min": "16"}, {"age_min": "15"}),
        "VAC-04": case({"closes_on": "2026-05-01"}, {"closes_on": "2026-04-30"}),
        "VAC-05": case({"posted_on": "2026-06-03"}, {"posted_on": "2026-06-04"}),
        "VAC-06": case({"hardship_openings": "5"}, {"hardship_openings": "6"}),
        "VAC-07": case({"filled": "5"}, {"filled": "6"}),
        "VAC-08": case(FULL, {**FULL, "filled": "4"}),
        "VAC-09": case({"post_kind": "市场化岗位", "wage_max": "400"}, {"post_kind": "市场化岗位", "wage_max": "399"}),
        "VAC-10": case({"wage_min": "30000"}, {"wage_min": "30001"}),
        "VAC-11": case(
            {"credit_code": CREDIT_CODE},
            [
                {"credit_code": WRONG_CODE},
                {"vacancy_no": "V2", "credit_code": "91350100"},
                {"vacancy_no": "V3", "credit_code": CREDIT_CODE},
            ],
            2,
        ),
        "VAC-12": case(
            {"status": "招聘中", "closes_on": "2026-05-31"}, {"status": "招聘中", "closes_on": "2026-05-30"}
        ),
        "VAC-13": case([{}, {"vacancy_no": "V2", "post_title": "包装工"}], [{}, {"vacancy_no": "V2"}]),
        "VAC-14": case(
            [{**PUBLIC, "region": region} for region in ("乡（镇）内", "乡（镇）外县内", "县外市内")],
            {**PUBLIC, "region": "省外"},
        ),
        "VAC-15": case({**PUBLIC, "age_max": "69"}, {**PUBLIC, "age_max": "70"}),
    },
)

WORKSHOP = {"site_kind": "社区工厂", "worker_count": "30", "assisted_worker_count": "10", "level": "县级"}
STATION = {"site_kind": "就业驿站", "served_count": "100", "level": "镇级"}

SITE = FeedCases(
    organisation="990101",
    base={"site_name": "柳桥车间", "site_address": "柳桥镇", "recognised_on": "2024-05-01"},
    cases={
        "SIT-01": case({"withdrawn_on": "2024-05-01"}, {"withdrawn_on": "2024-04-30"}),
        "SIT-02": case({"recognised_on": "2026-06-03"}, {"recognised_on": "2026-06-04"}),
        "SIT-03": case({"withdrawn_on": "2026-06-03"}, {"withdrawn_on": "2026-06-04"}),
        "SIT-04": case({**WORKSHOP, "assisted_worker_count": "30"}, {**WORKSHOP, "assisted_worker_count": "31"}),
        "SIT-05": case({**STATION, "assisted_served_count": "100"}, {**STATION, "assisted_served_count": "101"}),
        "SIT-06": case(
            {**WORKSHOP, "withdrawn_on": "2025-01-01", "worker_count": "0", "assisted_worker_count": None},
            {**WORKSHOP, "withdrawn_on": "2025-01-01", "worker_count": "1", "assisted_worker_count": None},
        ),
        "SIT-07": case({"credit_code": CREDIT_CODE}, {"credit_code": WRONG_CODE}),
        "SIT-08": case({"area_code": "990101001"}, {"area_code": "990102001"}),
        "SIT-09": case({"is_relocation_site": "是", "settlement": "幸福小区"}, {"is_relocation_site": "是"}),
        "SIT-10": case({**WORKSHOP, "assisted_worker_count": "1"}, {**WORKSHOP, "assisted_worker_count": "0"}),
        "SIT-11": case(STATION, {**STATION, "served_count": None}),
        "SIT-12": case(WORKSHOP, {**WORKSHOP, "worker_count": None}),
        "SIT-13": case(
            [{**WORKSHOP, "site_code": "S1"}, {**STATION, "site_code": "S2"}],
            [{**WORKSHOP, "site_code": "S1"}, {**STATION, "site_code": "S1", "site_name": "驿站"}],
            2,
        ),
        "SIT-14": case(
            [{**WORKSHOP, "credit_code": CREDIT_CODE}],
            [
                {**WORKSHOP, "credit_code": CREDIT_CODE},
                {**WORKSHOP, "site_name": "石塘车间", "credit_code": CREDIT_CODE},
            ],
            2,
        ),
        "SIT-15": case(WORKSHOP, {**WORKSHOP, "level": None}),
    },
)

FAIR = {"event_kind": "招聘会", "jobs_offered": "200", "employers": "20", "attendees": "300"}

EVENT = FeedCases(
    organisation="990101",
    base={"event_kind": "走访", "event_name": "春风行动", "started_on": "2026-05-01", "attendees": "300"},
    cases={
        "EVT-01": case({"ended_on": "2026-05-01"}, {"ended_on": "2026-04-30"}),
        "EVT-02": case({"started_on": "2026-06-03"}, {"started_on": "2026-06-04"}),
        "EVT-03": case({**FAIR, "assisted_jobs": "200"}, {**FAIR, "assisted_jobs": "201"}),
        "EVT-04": case({"assisted_attendees": "300"}, {"assisted_attendees": "301"}),
        "EVT-05": case(
            {**FAIR, "agreements": "9", "assisted_agreements": "9"},
            {**FAIR, "agreements": "9", "assisted_agreements": "10"},
        ),
        "EVT-06": case(
            {"placed_in_month": "9", "assisted_placed_in_month": "9"},
            {"placed_in_month": "9", "assisted_placed_in_month": "10"},
        ),
        "EVT-07": case({**FAIR, "agreements": "300"}, {**FAIR, "agreements": "301"}),
        "EVT-08": case({"placed_in_month": "300"}, {"placed_in_month": "301"}),
        "EVT-09": case(
            {**FAIR, "agreements": "9", "placed_in_month": "9"}, {**FAIR, "agreements": "9", "placed_in_month": "10"}
        ),
        "EVT-10": case(FAIR, {**FAIR, "jobs_offered": None}),
        "EVT-11": case(FAIR, {**FAIR, "employers": None}),
        "EVT-12": case(
            {**FAIR, "ended_on": "2026-05-31"},
            [{**FAIR, "ended_on": "2026-06-01"}, {"event_kind": "培训班", "ended_on": "2026-06-30"}],
        ),
        "EVT-13": case(
            {"started_on": "2026-05-03", "placed_in_month": "1"}, {"started_on": "2026-05-04", "placed_in_month": "1"}
        ),
        "EVT-14": case({"at_settlement": "是", "settlement": "幸福小区"}, {"at_settlement": "是"}),
        "EVT-15": case({}, {"agreements": "3"}),
        "EVT-16": case({"event_kind": "培训班", "attendees": "1"}, {"event_kind": "培训班", "attendees": "0"}),
        "EVT-17": case({}, {"started_on": "2026-04-30"}),
    },
)
