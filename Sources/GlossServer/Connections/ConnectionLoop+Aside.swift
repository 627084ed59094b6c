import GlossStorage

extension ConnectionLoop {
    /// Does something in a task of its own, and waits for it.
    ///
    /// A task keeps as much memory for its frames as it ever needed at once, and that of a connection
    /// lives as long as the connection. So what goes deep and is seldom done is done beside it.
    static func aside<Value: Sendable>(
        _ work: @escaping @Sendable () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let task = Task { () async -> Result<Value, StoreError> in
            do throws(StoreError) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        return try await task.value.get()
    }
}
