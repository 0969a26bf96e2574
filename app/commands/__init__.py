"""The commands of the command line, each with its parser; `app/cli.py` puts them together."""
