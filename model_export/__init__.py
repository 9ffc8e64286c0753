"""From handwritten digits to the model that serves: a command line, `python -m model_export`."""

import sys
from pathlib import Path

# functions/ is the root of the import path in every Lambda package, so it is here too: training
# and evaluation use the very preprocessing and classifier that serve.
FUNCTIONS = Path(__file__).parents[1] / "functions"
if str(FUNCTIONS) not in sys.path:
    sys.path.insert(0, str(FUNCTIONS))
