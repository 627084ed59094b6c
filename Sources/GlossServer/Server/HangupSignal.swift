import UnixSignals

/// Reads the configuration again at each SIGHUP.
enum HangupSignal {
    /// Watches for the signal until cancelled. What comes of a reading is in the log.
    static func watch(_ reloader: Reloader, _ manager: ServiceManager?) async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
            manager?.reloading()
            _ = try? reloader.reload()
            manager?.ready("serving")
        }
    }
}
