"""Case reports: from news pages, however damaged, to claims that can be held against the ledgers.

`read_article` reads one page, `claims_frame` makes rows of the case_report contract.
"""

from zaoxue.news.article import Article, article_id, read_article
from zaoxue.news.claims import Claim
from zaoxue.news.frame import claim_id, claims_frame
from zaoxue.news.places import PlaceIndex
from zaoxue.news.repair import repair
from zaoxue.news.verdicts import NoArticle

__all__ = [
    "Article",
    "Claim",
    "NoArticle",
    "PlaceIndex",
    "article_id",
    "claim_id",
    "claims_frame",
    "read_article",
    "repair",
]
