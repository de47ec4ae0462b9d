"""The people a page names: collected while it is read, fetched in one query."""

from collections.abc import Iterable

from accounts.models import User
from accounts.states import TeamKind


class People:
    """Users by id, with their teams. Ids of nobody are passed over."""

    def __init__(self, ids: Iterable[int | None]):
        wanted = {pk for pk in ids if pk}
        found = User.objects.select_related("team").only(
            "family_name", "given_name", "email", "team__name", "team__kind"
        )
        self._by_id = {user.pk: user for user in found.filter(pk__in=wanted)} if wanted else {}

    def get(self, pk: int | None) -> User | None:
        return self._by_id.get(pk)

    def name(self, pk: int | None) -> str:
        user = self.get(pk)
        return user.name if user else ""

    def side(self, pk: int | None) -> str:
        """The rail the person works on: mk or sl; nobody and administrators are on marketing's."""
        user = self.get(pk)
        if user is None or not user.team_id:
            return "mk"
        return "mk" if user.team.kind == TeamKind.MARKETING else "sl"
