import Glibc
import GlossStorage

/// The few file operations of the client that SQLite does not do for it.
enum FileSystem {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a file; one that is not there is no matter.
    static func remove(_ path: String) { unlink(path) }

    /// Gives a file that is whole its final name, which no other file may have, and waits until
    /// that is on disk.
    static func publish(_ draft: String, as path: String) throws(ClientError) {
        // A link never replaces a file; where there are no links, renaming must do.
        let isLinked = link(draft, path) == 0
        guard isLinked || errno != EEXIST && rename(draft, path) == 0 else {
            throw ClientError(
                .library, "Could not make \(path): \(String(cString: strerror(errno))).",
                tries: ["gloss status"])
        }
        if isLinked { unlink(draft) }
        let parent = open(directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    /// Makes the directory of a library and those above it, for its owner only.
    static func makeDirectory(_ path: String) throws(ClientError) {
        guard let failure = PrivateDirectory.make(path) else { return }
        throw ClientError(
            .library, "Could not make the directory \(failure.path): \(failure.reason).",
            tries: ["choose another place with --library PATH"])
    }
}

/// Directories that only their owner may look into.
public enum PrivateDirectory {
    /// Makes a directory and those above it; those that are there stay as they are.
    ///
    /// - Returns: the one that could not be made and the system's reason; `nil` if all are there.
    public static func make(_ path: String) -> (path: String, reason: String)? {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
            return (made, String(cString: strerror(errno)))
        }
        return nil
    }
}
