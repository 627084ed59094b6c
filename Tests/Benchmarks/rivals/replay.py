"""Plays a concurrent trace as its writers did: one document for each."""


def replay(engine, trace):
    """The bytes of every transaction, in the order of the trace.

    A writer's transactions follow from each other, so a document never has more than it should.
    """
    documents = {}
    known = {}
    made = []
    for place, transaction in enumerate(trace.transactions):
        agent = transaction["agent"]
        if agent not in documents:
            documents[agent] = engine.new(agent)
            known[agent] = set()
        for missing in _missing(trace, transaction["parents"], known[agent]):
            engine.integrate(documents[agent], made[missing])
        made.append(engine.edit(documents[agent], transaction["patches"]))
        known[agent].add(place)
    return made


def _missing(trace, parents, known):
    """What the parents follow from and `known` has not, in causal order; it has it afterwards."""
    missing = []
    stack = list(parents)
    while stack:
        place = stack.pop()
        if place in known:
            continue
        known.add(place)
        missing.append(place)
        stack += trace.transactions[place]["parents"]
    return sorted(missing)
