"""`python -m sluicegate`, where the command is not on the path."""

from sluicegate.cli import main

main()
