import Glibc
import Testing

/// Makes an empty directory for `body` and removes it with its files afterwards.
func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    var name = Array("/tmp/gloss-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&name).map { String(cString: $0) })
    defer {
        for file in names(in: path) { unlink("\(path)/\(file)") }
        rmdir(path)
    }
    try await body(path)
}

/// The names of the files in a directory, sorted.
func names(in directory: String) -> [String] {
    guard let stream = opendir(directory) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}

/// The permission bits of a file.
func mode(of path: String) -> mode_t? {
    var information = stat()
    return stat(path, &information) == 0 ? information.st_mode & 0o7777 : nil
}
