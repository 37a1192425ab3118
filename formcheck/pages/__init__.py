"""The report as a page for people: one HTML file that needs no network."""
