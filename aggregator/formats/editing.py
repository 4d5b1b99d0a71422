"""A listing as the calendar's editors want it: in the calendar's words, and refused, moved or asked about by policy."""

from __future__ import annotations

from dataclasses import replace

from aggregator import editorial, vocabulary
from aggregator.content import hashed
from aggregator.model import Context, Layer, Listing, Problem
from aggregator.normalize import Fall, Verdict

ASK = "policy-ask"


def edited(verdict: Verdict, context: Context) -> Verdict:
    """The verdict after vocabulary and policy; a refusal tells the rule and its reason."""
    listing = verdict.listing
    if listing is None:
        return verdict
    if context.source.vocabulary:
        listing, _ = vocabulary.classified(listing, context.source.vocabulary)
    rule = editorial.judged(listing, context.source.policy)
    if rule is not None:
        return ruled(replace(verdict, listing=listing), rule, context)
    return verdict if listing == verdict.listing else replace(verdict, listing=_marked(listing))


def ruled(verdict: Verdict, rule: editorial.Rule, context: Context) -> Verdict:
    """The verdict after a rule that fits its listing."""
    listing = verdict.listing
    if listing is None:
        return verdict
    if rule.do == "civic":
        return replace(verdict, listing=_marked(replace(listing, layer=Layer.CIVIC)))
    code = ASK if rule.do == "ask" else "policy"
    reason = f"{rule.reason[0 if context.language == 'sv' else 1]} ({rule.id})"
    return Verdict(Fall.REFUSED, problems=(*verdict.problems, Problem(code, listing.title, reason)))


def _marked(listing: Listing) -> Listing:
    """The listing with a digest that also covers what was edited."""
    seen = (
        listing.categories,
        listing.audience,
        listing.accessible,
        listing.language,
        listing.age,
        listing.layer.value,
    )
    return replace(listing, digest=hashed(listing.digest, repr(seen)))


def asked(verdict: Verdict) -> Problem | None:
    """Why staff are to decide, so that the draft goes to them as a suggestion; None where they are not."""
    return next((problem for problem in verdict.problems if problem.code == ASK), None)
