"""Rows out as CSV, by the same filters as the lists: at once, or as a job where there are many."""
