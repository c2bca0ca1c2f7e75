"""`python -m sluicegate`, where the command is not on the path."""

from sluicegate.cli import main

if __name__ == "__main__":  # a worker process imports this again
    main()
