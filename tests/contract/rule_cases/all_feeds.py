"""Cases of every feed."""

from tests.contract.rule_cases import FeedCases
from tests.contract.rule_cases.money import CASE_REPORT, CASE_STORY, DIBAO_EXIT, LOAN, SUBSIDY, TARGET
from tests.contract.rule_cases.offers import EVENT, SITE, VACANCY
from tests.contract.rule_cases.people import ASSISTANCE_PLAN, HOUSEHOLD, PERSON, TRAINING
from tests.contract.rule_cases.work import FOLLOW_UP, PLACEMENT, REFERRAL

CASES: dict[str, FeedCases] = {
    "assistance_plan": ASSISTANCE_PLAN,
    "case_report": CASE_REPORT,
    "case_story": CASE_STORY,
    "dibao_exit": DIBAO_EXIT,
    "event": EVENT,
    "follow_up": FOLLOW_UP,
    "household": HOUSEHOLD,
    "loan": LOAN,
    "person": PERSON,
    "placement": PLACEMENT,
    "referral": REFERRAL,
    "site": SITE,
    "subsidy": SUBSIDY,
    "target": TARGET,
    "training": TRAINING,
    "vacancy": VACANCY,
}
