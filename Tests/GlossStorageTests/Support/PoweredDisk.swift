import TestSupport

/// What a disk may hold when the power goes.
///
/// What was synced is there. Of every other write any sectors may be, in whatever order, and so with
/// the size of a file. Whether a file that was made or removed is there is certain only once its
/// directory was synced.
struct PoweredDisk {
    /// What a disk writes whole or not at all, in bytes.
    static let sector = 512

    /// A file's content, whatever its name.
    private struct Content {
        /// What is certain.
        var bytes: [UInt8] = []
        /// What was asked for since.
        var pending: [DiskEvent.Kind] = []
        /// Whether the next sync waits for the directory.
        var namesItself = false
    }

    private var contents: [Content] = []
    /// By name the content that is there after a restart for certain.
    private var names: [String: Int] = [:]
    /// What became of names since their directory was synced: a content, or none.
    private var renamed: [String: [Int?]] = [:]
    /// The highest number of what was reported as done.
    private(set) var done = 0
    /// How many writes no sync has followed.
    var pendingWrites: Int { contents.reduce(0) { $0 + $1.pending.count } }

    /// The content that a running program sees under a name.
    private func current(_ name: String) -> Int? {
        if let last = renamed[name]?.last { return last }
        return names[name]
    }

    /// Goes on by one event.
    mutating func take(_ event: DiskEvent) {
        if case .done(let number) = event.kind {
            done = max(done, number)
            return
        }
        if current(event.file) == nil {
            contents.append(Content())
            renamed[event.file, default: []].append(contents.count - 1)
        }
        guard let index = current(event.file) else { return }
        switch event.kind {
        case .open(let namesItself): contents[index].namesItself = namesItself
        case .write, .truncate: contents[index].pending.append(event.kind)
        case .sync:
            for kind in contents[index].pending { Self.apply(kind, to: &contents[index].bytes) }
            contents[index].pending = []
            if contents[index].namesItself { syncDirectory() }
            contents[index].namesItself = false
        case .delete(let isOnDisk):
            renamed[event.file, default: []].append(nil)
            if isOnDisk { syncDirectory() }
        case .done: break
        }
    }

    private mutating func syncDirectory() {
        for (name, versions) in renamed { if let last = versions.last { names[name] = last } }
        renamed = [:]
    }

    /// The files after the power went now: one of the many ways it may have gone.
    func files(using random: inout SeededRandom) -> [String: [UInt8]] {
        // Nothing, a little, half, nearly all, all of what was not synced.
        let share = [0, 0.1, 0.5, 0.9, 1][random.below(5)]
        var files: [String: [UInt8]] = [:]
        for name in Set(names.keys).union(renamed.keys).sorted() {
            let versions = [names[name]] + (renamed[name] ?? [])
            guard let index = versions[random.below(versions.count)] else { continue }
            files[name] = remains(of: contents[index], share, using: &random)
        }
        return files
    }

    private func remains(
        of content: Content, _ share: Double, using random: inout SeededRandom
    ) -> [UInt8] {
        var bytes = content.bytes
        var size = bytes.count
        for kind in content.pending {
            if random.chance(share) { size = max(size, Self.end(of: kind)) }
            guard case .write(let offset, let written) = kind else {
                if random.chance(share) { Self.apply(kind, to: &bytes) }
                continue
            }
            var start = offset
            while start < offset + written.count {
                let end = min((start / Self.sector + 1) * Self.sector, offset + written.count)
                if random.chance(share) {
                    let piece = Array(written[start - offset..<end - offset])
                    Self.apply(.write(offset: start, bytes: piece), to: &bytes)
                }
                start = end
            }
        }
        // A file may have grown before its bytes came.
        if size > bytes.count, random.chance(0.5) {
            bytes += [UInt8](repeating: 0, count: size - bytes.count)
        }
        return bytes
    }

    private static func end(of kind: DiskEvent.Kind) -> Int {
        if case .write(let offset, let bytes) = kind { return offset + bytes.count }
        return 0
    }

    private static func apply(_ kind: DiskEvent.Kind, to file: inout [UInt8]) {
        switch kind {
        case .write(let offset, let bytes):
            let end = offset + bytes.count
            if file.count < end { file += [UInt8](repeating: 0, count: end - file.count) }
            file.replaceSubrange(offset..<end, with: bytes)
        case .truncate(let size):
            if size < file.count {
                file.removeLast(file.count - size)
            } else {
                file += [UInt8](repeating: 0, count: size - file.count)
            }
        case .open, .sync, .delete, .done: break
        }
    }
}
