"""What was measured, for people: a table in the terminal and a page of HTML."""
