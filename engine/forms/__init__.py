"""A graph as text and as data, both ways."""
