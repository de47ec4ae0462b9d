"""Leads that came in and were handed over by the verbs alone: their timeline tells all of it."""

import itertools

from handoff.actions import accept_lead, offer_lead, qualify_lead
from handoff.models import Handoff
from leads.actions import create_lead
from leads.models import Lead
from tests.factories import the_lane

_numbers = itertools.count(1)


def a_lead(by, **fields) -> Lead:
    return create_lead(by=by, family_name=f"Racer{next(_numbers)}", **fields)


def an_mql(by, **fields) -> Lead:
    return qualify_lead(a_lead(by, **fields), by=by, judgement="Asked for a visit.")


def an_offer(by, *, lane: str = "direct", **what) -> Handoff:
    return offer_lead(an_mql(by), by=by, lane=the_lane(lane), **what)


def an_accepted(by, taker) -> Handoff:
    return accept_lead(an_offer(by), by=taker)
