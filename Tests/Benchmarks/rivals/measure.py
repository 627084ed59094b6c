"""Times the rivals on editing traces: one JSON object a line, in the form of gloss-bench --json.

    python measure.py [--runs N] [--slow-runs N] TRACE...

A bench whose first run takes over two seconds is timed --slow-runs times, not --runs. What has to
be prepared is not timed; every bench's text is checked.
"""

import argparse
import ctypes
import gc
import hashlib
import json
import os
import sys
import time
import zlib

from engines import ENGINES
from replay import replay
from traces import Trace

SLOW = 2.0
LIBC = ctypes.CDLL(None)


def resident():
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def trim():
    """Gives free memory back, so that the resident size says what is in use."""
    if hasattr(LIBC, "malloc_trim"):
        LIBC.malloc_trim(0)


def timed(call, check, runs, slow_runs):
    """The milliseconds of each run, ascending, and how much the process grew in the first."""
    times = []
    growth = 0
    while len(times) < runs:
        gc.collect()
        gc.disable()
        trim()
        before = resident()
        start = time.perf_counter()
        outcome = call()
        times.append((time.perf_counter() - start) * 1e3)
        if len(times) == 1:
            growth = resident() - before
            if times[0] > SLOW * 1e3:
                runs = min(runs, slow_runs)
        gc.enable()
        check(outcome)
        del outcome
    return sorted(times), growth


class Bench:
    """All benches of one library on one trace."""

    def __init__(self, engine, trace, arguments):
        self.engine = engine
        self.trace = trace
        self.arguments = arguments

    def check_text(self, document):
        found = self.engine.text(document)
        if found != self.trace.text:
            sys.exit(f"{self.engine.name}, {self.trace.name}: the text is wrong")

    def report(self, bench, call, check, data=None, **extras):
        times, growth = timed(call, check, self.arguments.runs, self.arguments.slow_runs)
        line = {
            "schema": "gloss-bench.result/1",
            "engine": self.engine.name,
            "version": self.engine.version(),
            "bench": bench,
            "trace": self.trace.name,
            "runs": len(times),
            "edits": sum(len(txn["patches"]) for txn in self.trace.transactions),
            "ms": {
                "min": round(times[0], 4),
                "median": round(times[len(times) // 2], 4),
                "max": round(times[-1], 4),
            },
            "final_sha256": hashlib.sha256(self.trace.text.encode()).hexdigest(),
            "bytes": len(data if data is not None else self.trace.text.encode()),
            "rss_bytes": growth,
        }
        if data is not None:
            line["zlib"] = len(zlib.compress(data, 6))
        print(json.dumps(line | extras), flush=True)

    def run(self):
        if self.trace.is_concurrent:
            self.run_merge()
        else:
            self.run_text()

    def run_text(self):
        engine, trace = self.engine, self.trace
        patches = trace.patches() if engine.unit == "scalars" else trace.byte_patches()
        start = time.perf_counter()
        engine.call_cost(len(patches))
        calls = (time.perf_counter() - start) * 1e3
        self.report(
            "local",
            lambda: engine.type_patches(patches),
            self.check_text,
            calls_ms=round(calls, 4),
        )
        self.encoding("history", engine.encode_history, engine.type_whole(patches), "load")
        document = engine.type_patches(patches)
        self.encoding("snapshot", engine.encode_snapshot, document, "open")
        if engine.encode_shallow:
            self.encoding("shallow", engine.encode_shallow, document, "open_shallow")

    def encoding(self, bench, encode, document, reading):
        """Times an encoding, and reading it; where a document is opened, its text is read too."""
        engine = self.engine
        data = encode(document)

        def read():
            document = engine.load(data)
            if reading != "load":
                engine.text(document)
            return document

        self.report(
            bench, lambda: encode(document), lambda data: self.check_text(engine.load(data)), data
        )
        self.report(reading, read, self.check_text, data)

    def run_merge(self):
        engine, trace = self.engine, self.trace
        if not trace.is_ascii:
            sys.exit(f"{trace.name}: concurrent traces have to be ASCII here")
        updates = replay(engine, trace)

        def merge():
            document = engine.new(len(updates))
            integrate = engine.integrate
            for update in updates:
                integrate(document, update)
            engine.text(document)
            return document

        merged = merge()
        history = engine.encode_history(merged)
        size = sum(map(len, updates))
        self.report("merge_wire", merge, self.check_text, bytes=size, changes=len(updates))
        self.report("load", lambda: engine.load(history), self.check_text, history)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--slow-runs", type=int, default=1)
    parser.add_argument("traces", nargs="+")
    arguments = parser.parse_args()
    for path in arguments.traces:
        trace = Trace(path)
        for engine in ENGINES:
            Bench(engine, trace, arguments).run()


if __name__ == "__main__":
    main()
