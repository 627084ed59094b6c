"""Prints one table from the lines of `gloss-bench --json` and of measure.py.

    python table.py RESULTS.jsonl

Times are the minimum of the runs, in milliseconds; a ratio says how many times Gloss's figure a
figure is. Where Gloss has none, ratios are missing.
"""

import json
import sys

COLUMNS = ["gloss", "loro", "pycrdt", "floor"]
#: What is compared: a heading, the bench, and which figure of its line.
ROWS = [
    ("local, ms", "local", "ms"),
    ("local, of which calls, ms", "local", "calls_ms"),
    ("local, resident growth, bytes", "local", "rss_bytes"),
    ("history, write, ms", "history", "ms"),
    ("history, bytes", "history", "bytes"),
    ("history, bytes with zlib", "history", "zlib"),
    ("history, load, ms", "load", "ms"),
    ("snapshot, write, ms", "snapshot", "ms"),
    ("snapshot, bytes", "snapshot", "bytes"),
    ("snapshot, bytes with zlib", "snapshot", "zlib"),
    ("snapshot, open and read, ms", "open", "ms"),
    ("snapshot without history, bytes", "shallow", "bytes"),
    ("snapshot without history, zlib", "shallow", "zlib"),
    ("snapshot without history, open, ms", "open_shallow", "ms"),
    ("merge from wire bytes, ms", "merge_wire", "ms"),
    ("wire bytes", "merge_wire", "bytes"),
]
#: Rows of what the rivals alone have, beside the figure of Gloss that does the same.
STAND_INS = {"shallow": "snapshot", "open_shallow": "open"}


def read(path):
    """All figures: by trace, then by engine and bench."""
    traces = {}
    with open(path) as file:
        for line in file:
            result = json.loads(line)
            engine, bench = result.get("engine", "gloss"), result["bench"]
            if bench.startswith("floor"):
                if bench != "floor_utf8":
                    continue
                engine, bench = "floor", "local"
            figures = traces.setdefault(result["trace"], {})
            figures[engine, bench] = dict(result, ms=result["ms"]["min"])
    return traces


def cell(value, own, is_time):
    if value is None:
        return "", ""
    text = f"{value:.2f}" if is_time else f"{value:,}"
    return text, f"×{value / own:.2f}" if own else ""


def rows_of(figures):
    for heading, bench, key in ROWS:
        values = [figures.get((engine, bench), {}).get(key) for engine in COLUMNS]
        if bench in STAND_INS:
            values[0] = figures.get(("gloss", STAND_INS[bench]), {}).get(key)
        if all(value is None for value in values[1:]):
            continue
        row = [heading]
        for engine, value in zip(COLUMNS, values):
            text, ratio = cell(value, values[0], key.endswith("ms"))
            row.append(text)
            if engine != "gloss":
                row.append(ratio)
        yield row


def show(name, figures):
    heading = [name, "gloss", "loro", "", "pycrdt", "", "floor in C", ""]
    rows = [heading, *rows_of(figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heading))]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [text.rjust(width) for text, width in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())
    print()


def main():
    for name, figures in read(sys.argv[1]).items():
        show(name, figures)


if __name__ == "__main__":
    main()
