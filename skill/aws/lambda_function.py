"""Lambda's entry point, `skill.aws.lambda_function.handler`; made once, when Lambda starts the process."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skill.aws.endpoint import Handler


def _start() -> Handler:
    # Nothing that is imported is garbage; to look for some takes a tenth of a cold start.
    gc.disable()
    try:
        from skill.aws.endpoint import make_handler
        from skill.aws.packed import FOLDER

        return make_handler(Path(__file__).with_name(FOLDER), os.environ)
    finally:
        gc.freeze()
        gc.enable()


handler = _start()
