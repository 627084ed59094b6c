/// What the private listener answers.
struct MonitoringPages: Sendable {
    /// An answer.
    struct Page: Hashable, Sendable {
        var status: Int
        var type = "text/plain; charset=utf-8"
        var body: String
    }

    let metrics: ServerMetrics
    let readiness: Readiness
    let connections: Connections
    let rooms: Rooms

    /// The answer to a request for a path, without its query.
    func page(for path: String) async -> Page {
        switch path {
        case "/healthz": return Page(status: 200, body: "alive\n")
        case "/readyz":
            guard let problem = await readiness.problem() else {
                return Page(status: 200, body: "ready\n")
            }
            return Page(status: 503, body: "\(problem)\n")
        case "/metrics":
            metrics.set(
                connections: connections.count, bytesWaiting: connections.bytesWaiting,
                rooms: await rooms.count)
            return Page(
                status: 200, type: "text/plain; version=0.0.4; charset=utf-8",
                body: metrics.registry.text)
        default:
            return Page(status: 404, body: "There are /healthz, /readyz and /metrics.\n")
        }
    }
}
