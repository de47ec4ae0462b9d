"""What can be wrong with a file, a row or a cell: a code with values, told in the reader's language."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from common.refusals import Malformed


@dataclass(frozen=True)
class Problem:
    """Why a row did not go in. `column` is the file's own name of the column at fault."""

    code: str
    data: dict = field(default_factory=dict)
    column: str = ""

    @property
    def sentence(self) -> str:
        return sentence(self.code, self.data)


class Bad(Exception):
    """A cell that cannot be taken; caught per row, never shown as it is."""

    def __init__(self, code: str, **data):
        super().__init__(code)
        self.code = code
        self.data = data
        self.column = ""


class Unreadable(Malformed):
    """The file as a whole cannot be read; the sentence says what to do."""

    def __init__(self, sentence):
        super().__init__(sentence, field="file")


SENTENCES = {
    # the row as it stands in the file
    "undecodable": _("This line holds bytes that are not %(encoding)s."),
    "nul": _("This line holds a character that cannot be stored (NUL)."),
    "quote": _("A quotation mark is not closed, or stands in the middle of a cell."),
    "line_too_long": _("This line is longer than %(most)s characters."),
    "cell_too_long": _("This cell is longer than %(most)s characters."),
    "too_few_cells": _("This row has %(found)s cells; the heading has %(expected)s."),
    "too_many_cells": _("This row has %(found)s cells; the heading has %(expected)s."),
    # one cell
    "not_a_date": _(
        "“%(value)s” is not a date we can read, such as 2026-11-21 or 2026/11/21 9:30."
    ),
    "date_impossible": _("“%(value)s” is a day that does not exist."),
    "date_unclear": _(
        "“%(value)s” can be read in two ways. Say on the import page whether day or month comes first."
    ),
    "date_in_future": _("“%(value)s” lies in the future."),
    "date_too_old": _("“%(value)s” lies too far in the past."),
    "not_a_number": _("“%(value)s” is not a whole number."),
    "number_out_of_range": _("“%(value)s” is too large or too small."),
    "email_no_at": _("“%(value)s” is not an e-mail address: there is no @."),
    "email_invalid": _("“%(value)s” is not a valid e-mail address."),
    "phone_digits": _("“%(value)s” has too few or too many digits for a phone number."),
    "phone_invalid": _("“%(value)s” is not a phone number."),
    "too_long": _("This is longer than %(most)s characters."),
    "not_a_choice": _("“%(value)s” is not one of: %(choices)s."),
    "not_yes_or_no": _("“%(value)s” is neither yes nor no."),
    "stage_not_importable": _(
        "“%(value)s” cannot be set by a file of leads. What sales holds comes in as a file of deals."
    ),
    "not_a_website": _("“%(value)s” is not the address of a website."),
    "corporate_number": _("“%(value)s” is not a corporate number: it has 13 digits."),
    "own_field": "%(sentence)s",
    # the row as a whole
    "nobody": _("There is no id, e-mail, phone number or name in this row."),
    "external_id_taken": _("Another lead already has this id."),
    "email_of_several": _("Several people share this address; the row does not say which of them."),
    "person_unknown": _(
        "Nobody here is called “%(value)s”. Invite them, or have the import add them as inactive members."
    ),
    "person_unclear": _("Several people here are called “%(value)s”."),
    "campaign_unknown": _("There is no campaign called “%(value)s”."),
    "lead_unknown": _("There is no lead with “%(value)s”. Import the leads first."),
    "lead_not_named": _(
        "The row does not say which lead it is about: there is neither id nor e-mail."
    ),
    "lead_unclear": _("Several leads have the address “%(value)s”; the row does not say which."),
    "touch_without_kind": _("The row does not say what kind of touch it was."),
    "touch_without_moment": _("The row does not say when it happened."),
    "note_without_words": _("A note needs words."),
    "deal_without_moment": _(
        "The row says neither when the deal was won or lost nor that it is open."
    ),
    "deal_won_and_lost": _("The row says that the deal was both won and lost."),
    "deal_closed_otherwise": _(
        "This deal is closed already, on another day or in another way. Correct it on its page."
    ),
    "lead_offered": _("This lead waits for an answer to its offer. Withdraw the offer first."),
    "deal_of_other_lead": _("The deal with this id belongs to another lead."),
    "lead_disqualified": _("This lead was disqualified. Reinstate it first."),
    "team_missing": _("There is no sales team that could hold this deal."),
}


def sentence(code: str, data: dict) -> str:
    """The reason as a sentence; a code of an older version still says something."""
    template = SENTENCES.get(code)
    return str(template) % data if template else code
