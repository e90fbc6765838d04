"""Case reports: from news pages, however damaged, to claims that can be held against the ledgers.

`read_article` reads one page, `claims_frame` and `cases_frame` make rows of the contracts case_report and case_story.
"""

from zaoxue.news.article import Article, article_id, read_article
from zaoxue.news.cases import Case
from zaoxue.news.claims import Claim
from zaoxue.news.frame import cases_frame, claim_id, claims_frame
from zaoxue.news.places import PlaceIndex
from zaoxue.news.repair import repair
from zaoxue.news.verdicts import NoArticle

__all__ = [
    "Article",
    "Case",
    "Claim",
    "NoArticle",
    "PlaceIndex",
    "article_id",
    "cases_frame",
    "claim_id",
    "claims_frame",
    "read_article",
    "repair",
]
