"""Lambda's entry point, `skill.aws.handler`; made once, when Lambda starts the process."""

from __future__ import annotations

import os
from pathlib import Path

from skill.lambda_endpoint import make_handler
from skill.packed import FOLDER

handler = make_handler(Path(__file__).with_name(FOLDER), os.environ)
