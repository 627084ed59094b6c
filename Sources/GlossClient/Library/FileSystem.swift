import Glibc

/// The few file operations of the client that SQLite does not do for it.
enum FileSystem {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a file; one that is not there is no matter.
    static func remove(_ path: String) { unlink(path) }

    /// Makes a directory and those above it, for its owner only.
    static func makeDirectory(_ path: String) throws(ClientError) {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            throw ClientError(
                .library,
                "Could not make the directory \(made): \(String(cString: strerror(errno))).",
                tries: ["choose another place with --library PATH"])
        }
    }
}
