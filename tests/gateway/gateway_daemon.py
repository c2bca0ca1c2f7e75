"""Runs a gateway with a named line in its workers: `gateway_daemon.py milter|smtp|http SETTINGS FACTORY`."""

import logging
import sys
from functools import partial
from pathlib import Path

from sluicegate.errors import SluicegateError
from sluicegate.gateway.fronts import make_front
from sluicegate.gateway.service import Service
from sluicegate.settings import load_settings

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        Service(make_front(sys.argv[1]), partial(load_settings, Path(sys.argv[2])), factory=sys.argv[3]).run()
    except SluicegateError as error:
        sys.exit(f"sluicegate: {error}")
