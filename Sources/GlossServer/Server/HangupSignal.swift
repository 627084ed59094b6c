import UnixSignals

/// Reads the configuration again at each SIGHUP.
enum HangupSignal {
    /// The signals from now on. Without a trap the first would end the process.
    static func trap() async -> UnixSignalsSequence {
        await UnixSignalsSequence(trapping: .sighup)
    }

    /// Takes signals until cancelled. What comes of a reading is in the log.
    static func watch(
        _ signals: UnixSignalsSequence, _ reloader: Reloader, _ manager: ServiceManager?
    ) async {
        for await _ in signals {
            manager?.reloading()
            _ = try? reloader.reload()
            manager?.ready("serving")
        }
    }
}
