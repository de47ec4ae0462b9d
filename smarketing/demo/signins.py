"""Who may sign in to the demo: one person per role, all with one simple password."""

from typing import NamedTuple

# Not a secret: it opens invented data on one's own machine, and is printed at every start.
PASSWORD = "norishiro-demo"  # noqa: S105


class SignIn(NamedTuple):
    """One line of what is printed at the start."""

    role: str
    email: str
    password: str = PASSWORD


SIGN_INS = (
    SignIn("Marketer", "marketer@example.com"),
    SignIn("Marketing manager", "marketing@example.com"),
    SignIn("Inside sales", "inside@example.com"),
    SignIn("Sales rep", "rep@example.com"),
    SignIn("Sales manager", "sales@example.com"),
    SignIn("Administrator", "admin@example.com"),
    SignIn("Partner agency", "partner@example.com"),
)
