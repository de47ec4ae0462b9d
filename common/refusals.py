"""Refusals: the domain says no in a sentence; the web turns it into a status once.

Outside the user's world is `Http404`, not a refusal: nothing is told about what is there.
"""

from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """Too late, already so, or not possible in this state: nothing was changed. HTTP 409.

    `sentence` is shown to the user as it is; a lazy translation is read in the reader's language.
    """

    status = 409
    code = "refused"

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self):
        return str(self.sentence)


class NotAllowed(Refusal):
    """Within the user's world, but not theirs to do. HTTP 403."""

    status = 403
    code = "not_allowed"

    def __init__(self, sentence=_("Your role does not allow this.")):
        super().__init__(sentence)


class Malformed(Refusal):
    """The request itself cannot be understood or is not valid. HTTP 400.

    `field` names the input at fault, where one is.
    """

    status = 400
    code = "malformed"

    def __init__(self, sentence, *, field=""):
        super().__init__(sentence)
        self.field = field
