extension Administrator {
    func reload(_ request: AdminRequest) throws(ServerError) -> AdminReport {
        guard let reloader else {
            throw ServerError(
                .unreachable, "No server runs here, so there is nothing to reload.")
        }
        var report = AdminReport("reload")
        report.reload =
            request.dry == true ? try reloader.plan() : try reloader.reload(by: actor)
        return report
    }
}
