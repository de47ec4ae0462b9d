"""What rows say besides the lead's own columns: facts heard, consents, a comment, the campaign."""

from collections import defaultdict
from dataclasses import dataclass, field

from leads.actions.captures.drafts import LeadDraft, Terms
from leads.actions.consents import settle_consents
from leads.history import event, record_many
from leads.models import Campaign, CampaignMember, Comment, Consent, Fact, Lead


@dataclass
class _Known:
    """What stands with one lead already, and what this set adds."""

    answers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    current: dict[str, Fact] = field(default_factory=dict)
    words: list[tuple] = field(
        default_factory=list
    )  # (channel, granted, evidence, at), latest first
    comments: set[str] = field(default_factory=set)
    campaigns: set[int] = field(default_factory=set)


class Extras:
    """Gathers what belongs to the leads of a set; `write` saves it once the leads have ids."""

    def __init__(self, terms: Terms):
        self.terms = terms
        self.by_pk: dict[int, _Known] = defaultdict(_Known)
        self.new: dict[int, _Known] = defaultdict(_Known)
        self.facts: list[tuple[Fact, bool]] = []
        self.replaced: list[int] = []
        self.consents: list[Consent] = []
        self.comments: list[Comment] = []
        self.members: list[CampaignMember] = []

    def load(self, drafts: list[LeadDraft], pks: list[int]) -> None:
        """Read what the leads `pks` have, of the kinds the rows speak of."""
        whole = self.terms.whole
        if any(draft.facts for draft in drafts):
            for fact in Fact.objects.filter(lead__in=pks, label=""):
                self.by_pk[fact.lead_id].answers[fact.field].add(fact.value)
                if fact.superseded_at is None:
                    self.by_pk[fact.lead_id].current[fact.field] = fact
        if whole.consents or any(draft.consents for draft in drafts):
            for one in Consent.objects.filter(lead__in=pks).order_by("-at", "-id"):
                word = (one.channel, one.granted, one.evidence, one.at)
                self.by_pk[one.lead_id].words.append(word)
        if any(draft.comment for draft in drafts):
            for lead, text in Comment.objects.filter(lead__in=pks).values_list("lead", "text"):
                self.by_pk[lead].comments.add(text)
        if whole.campaign or any(draft.campaign for draft in drafts):
            rows = CampaignMember.objects.filter(lead__in=pks)
            for lead, campaign in rows.values_list("lead", "campaign"):
                self.by_pk[lead].campaigns.add(campaign)

    def of(
        self, lead: Lead, draft: LeadDraft, campaign: Campaign | None, *, gentle: bool = False
    ) -> list[tuple]:
        """Take what the row says; gives what of it is new, as (field, before, after)."""
        known = self.by_pk[lead.pk] if lead.pk else self.new[id(lead)]
        at = draft.moment or self.terms.whole.moment
        return [
            *self._facts(lead, draft, known, at, gentle),
            *self._consents(lead, draft, known, at),
            *self._comment(lead, draft, known, at),
            *self._member(lead, known, campaign),
        ]

    def _facts(self, lead, draft, known, at, gentle):
        for name, value in draft.facts.items():
            there = known.current.get(name)
            # An answer given before and replaced since is not news: the file is older than the change.
            if value in known.answers[name] or (gentle and there):
                continue
            fact = Fact(
                lead=lead, field=name, value=value, by=self.terms.by, at=at or self.terms.at
            )
            if there is not None and there.pk:
                self.replaced.append(there.pk)
            elif there is not None:
                continue
            known.answers[name].add(value)
            known.current[name] = fact
            self.facts.append((fact, there is not None))
            yield (f"fact.{name}", there.value if there else "", value)

    def _consents(self, lead, draft, known, at):
        for channel, granted in (self.terms.whole.consents | draft.consents).items():
            latest = next((word for word in known.words if word[0] == channel), None)
            same = any(
                word[:3] == (channel, granted, self.terms.evidence) and at in (None, word[3])
                for word in known.words
            )
            if same or (latest and latest[1] == granted):
                continue
            moment = at or self.terms.at
            known.words.insert(0, (channel, granted, self.terms.evidence, moment))
            self.consents.append(
                Consent(
                    lead=lead,
                    channel=channel,
                    granted=granted,
                    at=moment,
                    evidence=self.terms.evidence,
                    by=self.terms.by,
                    recorded_at=self.terms.at,
                )
            )
            yield (f"consent.{channel}", latest[1] if latest else None, granted)

    def _comment(self, lead, draft, known, at):
        if draft.comment and draft.comment not in known.comments:
            known.comments.add(draft.comment)
            self.comments.append(
                Comment(lead=lead, text=draft.comment, by=self.terms.by, at=at or self.terms.at)
            )
            yield ("comment", "", draft.comment)

    def _member(self, lead, known, campaign):
        if campaign is not None and campaign.pk not in known.campaigns:
            known.campaigns.add(campaign.pk)
            self.members.append(CampaignMember(campaign=campaign, lead=lead, at=lead.captured_at))
            yield ("campaign", "", campaign)

    def write(self) -> None:
        Fact.objects.filter(pk__in=self.replaced).update(superseded_at=self.terms.at)
        Fact.objects.bulk_create([fact for fact, _changed in self.facts], batch_size=1000)
        Consent.objects.bulk_create(self.consents, batch_size=1000)
        Comment.objects.bulk_create(self.comments, batch_size=1000)
        CampaignMember.objects.bulk_create(self.members, batch_size=1000)
        if self.consents:
            settle_consents({one.lead_id for one in self.consents})
        record_many(self._events())

    def _events(self):
        for fact, changed in self.facts:
            verb = "fact.change" if changed else "fact.learn"
            yield self._event(fact, verb, field=fact.field, fact=fact.pk)
        for one in self.consents:
            yield self._event(
                one, "consent.record", channel=one.channel, granted=one.granted, consent=one.pk
            )
        for comment in self.comments:
            yield self._event(comment, "comment.write", comment=comment.pk)

    def _event(self, row, verb: str, **data):
        if self.terms.job:
            data["job"] = self.terms.job
        return event(row.lead, verb, by=self.terms.by, at=row.at, recorded_at=self.terms.at, **data)
