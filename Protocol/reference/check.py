"""Holds this reference against the vectors.

    python3 Protocol/reference/check.py [FOLDER]

Runs every file of Protocol/vectors, or of another folder laid out like it, and says what it ran. Exits
with 1 if anything differs, or if a file is of a form that it does not know.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import check_codec
import check_merge
import check_transcripts

CHECKS = {
    "codec": check_codec.run,
    "merge": check_merge.run,
    "conflicts": check_merge.run,
    "anchors": check_merge.run,
    "transcripts": check_transcripts.run,
}


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).parent.parent / "vectors"
    failures = 0
    ran = 0
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        for path in sorted(part.iterdir()):
            if part.name not in CHECKS:
                print(f"{part.name}/{path.name}: no check knows this folder")
                failures += 1
                continue
            try:
                count, wrong = CHECKS[part.name](path)
            except Exception as error:  # A case that stops the reference is one that fails.
                count, wrong = 0, [f"{type(error).__name__}: {error}"]
            parts = ""
            if isinstance(count, Counter):
                parts = f" ({', '.join(f'{n} {what}' for what, n in sorted(count.items()))})"
                count = sum(n for what, n in count.items() if not what.endswith("not judged"))
            ran += count
            failures += len(wrong)
            print(f"{part.name}/{path.name}: {count} checked, {len(wrong)} wrong{parts}")
            for line in wrong:
                print(f"  {line}")
    if ran == 0:
        print(f"{folder}: no vectors here")
        return 1
    print(f"{ran} checked, {failures} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
