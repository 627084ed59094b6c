/// What a running server can say of itself beyond what its store holds.
struct Vitals {
    let pages: MonitoringPages
    let directory: DataDirectory
    /// Where metrics are read.
    let http: String?
    private let startedAt = ContinuousClock.now

    init(pages: MonitoringPages, directory: DataDirectory, http: String?) {
        self.pages = pages
        self.directory = directory
        self.http = http
    }

    /// Adds it to a status.
    func fill(_ status: inout AdminReport.Status?) async {
        let registry = pages.metrics.registry
        status?.uptime = Int((ContinuousClock.now - startedAt).components.seconds)
        status?.problem = await pages.readiness.problem()
        status?.http = http
        status?.openConnections = pages.connections.count
        status?.bytesWaiting = pages.connections.bytesWaiting
        status?.changesReceived = registry.total(of: .changesIn)
        status?.changesSent = registry.total(of: .changesOut)
        status?.pushesRefused = registry.total(of: .nacks)
        status?.databaseBytes = directory.size(of: directory.store)
        status?.walBytes = directory.size(of: directory.store + "-wal")
        status?.diskFree = DiskSpace.available(at: directory.path)
    }
}
