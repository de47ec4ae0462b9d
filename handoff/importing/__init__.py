"""Files of deals: one more kind of rows for the import that `leads` owns."""
