"""What happens when a version comes into force: the definition is copied, the lists follow."""

from datetime import datetime

from handoff.actions.clocks import forget_agreement
from handoff.models import Agreement, ReasonTerm, ReturnReason, Terms
from leads.models import QualifyingDefinition
from leads.scoring.rules import forget_rules


def put_in_force(agreement: Agreement, *, at: datetime) -> None:
    """Let everything that reads the agreement follow `agreement`, which is in force from now on."""
    copy_definition(agreement)
    follow_reasons(agreement.terms, at=at)
    forget_agreement()


def copy_definition(agreement: Agreement) -> None:
    """Copy what makes an MQL into the row that `leads` owns, so that a touch can judge by it."""
    terms = agreement.terms
    QualifyingDefinition.objects.filter(in_force=True).exclude(
        agreement_version=agreement.version
    ).update(in_force=False)
    QualifyingDefinition.objects.update_or_create(
        agreement_version=agreement.version,
        defaults={
            "min_fit": terms.min_fit,
            "min_engagement": terms.min_engagement,
            "triggers": [list(pair) for pair in terms.triggers],
            "required_facts": list(terms.required_facts),
            "exclusions": list(terms.exclusions),
            "in_force": True,
        },
    )
    forget_rules()


def follow_reasons(terms: Terms, *, at: datetime) -> None:
    """Write the agreed lists of return reasons into their rows; what they leave out is retired.

    Nothing is deleted: a return of last year keeps its reason.
    """
    known = {reason.code: reason for reason in ReturnReason.objects.select_for_update()}
    for position, term in enumerate(terms.return_reasons):
        reason = known.pop(term.code, None) or ReturnReason(code=term.code, kind=term.kind)
        reason.name, reason.name_en, reason.position = term.name, term.name_en, position
        reason.needs_revisit, reason.to_marketing = term.needs_revisit, term.to_marketing
        reason.retired_at = None
        reason.save()
    left = [reason.pk for reason in known.values() if reason.retired_at is None]
    ReturnReason.objects.filter(pk__in=left).update(retired_at=at)


def reasons_in_use() -> tuple[ReasonTerm, ...]:
    """Both lists as they stand, as a clause names them."""
    return tuple(
        ReasonTerm(
            code=one.code,
            kind=one.kind,
            name=one.name,
            name_en=one.name_en,
            needs_revisit=one.needs_revisit,
            to_marketing=one.to_marketing,
        )
        for one in ReturnReason.objects.filter(retired_at=None)
    )
