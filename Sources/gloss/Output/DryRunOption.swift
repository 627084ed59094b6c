import ArgumentParser

/// What every command takes that writes.
struct DryRunOption: ParsableArguments {
    @Flag(
        name: [.customShort("n"), .customLong("dry-run")],
        help: "Say what would be done, and write nothing.")
    var isOn = false
}
