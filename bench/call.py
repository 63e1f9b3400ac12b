"""`python -m bench.call MODULE.FUNCTION ARGUMENT...`: call it and print what it returns as JSON."""

import json
import sys
from importlib import import_module

if __name__ == "__main__":
    module, _, function = sys.argv[1].rpartition(".")
    print(json.dumps(getattr(import_module(f"bench.{module}"), function)(*sys.argv[2:])))
