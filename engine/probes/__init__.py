"""Looking closer at a run: entries of anything large, and finite differences against P."""
