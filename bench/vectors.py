"""Makes skill/word_vectors.npz from WordLlama's static embeddings (MIT, see skill/vectors.LICENSE).

.venv/bin/pip download --no-deps -d /tmp wordllama==0.4.0.post1
.venv/bin/pip install safetensors
.venv/bin/python -m bench.vectors /tmp/wordllama-*.whl [--out FILE]

Kept are pieces of lower-case English words and digits, in the order in which the tokenizer joins
them; a row of numbers is rounded to a byte a value, with a scale of its own.
"""

from __future__ import annotations

import argparse
import json
import re
import zipfile
from pathlib import Path

import numpy as np
from safetensors.numpy import load

_WEIGHTS = "wordllama/weights/l2_supercat_256.safetensors"
_TOKENIZER = "wordllama/tokenizers/l2_supercat_tokenizer_config.json"
_KEPT = re.compile(r"\u2581?[a-z']+|\u2581|[0-9]")
_OUT = Path(__file__).resolve().parent.parent / "skill" / "word_vectors.npz"


def main() -> None:
    """Write the table, and tell how far rounding moved it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--out", type=Path, default=_OUT)
    asked = parser.parse_args()
    with zipfile.ZipFile(asked.wheel) as wheel:
        everything = load(wheel.read(_WEIGHTS))["embedding.weight"].astype(np.float32)
        vocabulary = json.loads(wheel.read(_TOKENIZER))["model"]["vocab"]
    numbered = sorted((number, piece) for piece, number in vocabulary.items())
    kept = [(number, piece) for number, piece in numbered if _KEPT.fullmatch(piece)]
    rows = everything[[number for number, _ in kept]]
    steps = np.abs(rows).max(axis=1) / 127
    values, scales = np.round(rows / steps[:, None]).astype(np.int8), steps.astype(np.float16)
    pieces = np.frombuffer("\n".join(piece for _, piece in kept).encode(), np.uint8)
    np.savez_compressed(asked.out, pieces=pieces, values=values, scales=scales)
    moved = np.abs(rows - values * scales.astype(np.float32)[:, None]).max()
    print(f"{asked.out}: {len(kept)} pieces of {rows.shape[1]} values, moved {moved:.3f} at most")


if __name__ == "__main__":
    main()
