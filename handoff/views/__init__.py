"""Pages of the handoff: each fetches what the person may see, calls one verb, and answers."""
