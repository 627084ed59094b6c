import Testing

/// The real binaries, real sockets and real files. One test at a time: each has the machine to
/// itself, which matters to those that kill at a moment.
@Suite("End to end", .serialized)
enum EndToEnd {}

/// An article to work on: every word of its last line occurs once.
enum Sample {
    static let article = """
        The river made the town, and the town forgot the river.

        In the spring the river came back. The water was cold, and the water stayed.
        Walls teach water patience, said the keeper of the northern lock.

        \(words.joined(separator: " ")).

        """

    static let words = [
        "amber", "basalt", "cedar", "delta", "ember", "fjord", "granite", "harbour", "island",
        "juniper", "kelp", "lagoon", "marsh", "nettle", "orchard", "pebble", "quarry", "reed",
        "saltern", "thicket", "umber", "valley", "willow", "yarrow", "zephyr",
    ]
}
