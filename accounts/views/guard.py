"""The settings are the administrator's."""

from functools import wraps

from accounts.permissions import demand


def administrators_only(view):
    """403 for everybody the table does not let manage people."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        demand(request.user, "people.manage")
        return view(request, *args, **kwargs)

    return guarded
