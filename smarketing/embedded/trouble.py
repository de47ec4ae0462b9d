class Trouble(Exception):
    """Something the person at the terminal can mend; its text is one sentence that says how."""
