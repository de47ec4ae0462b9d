"""What Today shows: readings of the rows that wait for somebody. Nothing here writes."""
