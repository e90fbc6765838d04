"""What a refused file was probably for, by its folders, its name and what could be read of its titles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from zaoxue.recognising import Evidence, FeedFinder, Organisation, OrganisationFinder, RefusedSheetError, find_period

if TYPE_CHECKING:
    from zaoxue.contracts import Contract
    from zaoxue.inbox import ReceivedFile
    from zaoxue.pipeline.intake import Refusal


def with_purpose(refusal: Refusal, feeds: FeedFinder, organisations: OrganisationFinder) -> Refusal:
    """The refusal with the feed, organisation and period that can be told, so that its obligation is known as rejected.

    Nothing is guessed: what the names leave open stays None, but a folder's district is kept, so that it is seen there.
    The id of the submission stays that of a file of unknown feed.
    """
    file = refusal.file
    if file.problem:  # a link, or a name made to deceive
        return refusal
    feed = refusal.feed or _only(feeds.named_in(file.name))
    contract = feeds.contracts.get(feed) if feed else None
    return replace(
        refusal,
        feed=feed,
        organisation=refusal.organisation or _organisation(file, contract, refusal.title, organisations),
        period=_period(file, contract, refusal.title),
    )


def _only(found: set[str]) -> str | None:
    return next(iter(found)) if len(found) == 1 else None


def _organisation(
    file: ReceivedFile, contract: Contract | None, title: str, organisations: OrganisationFinder
) -> Organisation | None:
    received_on = file.received_at.date()
    if contract is not None:
        try:
            return organisations.find(file.folders, contract, Evidence(file.name, "", title, received_on))
        except RefusedSheetError:
            pass
    return organisations.district_of(file.folders, received_on)


def _period(file: ReceivedFile, contract: Contract | None, title: str) -> str | None:
    if contract is None or contract.frequency is None:
        return None
    try:
        return find_period(contract, file.name, title, file.folders)
    except RefusedSheetError:
        return None
