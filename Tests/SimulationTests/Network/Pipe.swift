import NIOCore
import TestSupport

/// One direction of a connection: bytes in order, each late, in pieces of any size, and no more of
/// them under way than the buffers of two operating systems hold.
final class Pipe {
    /// Bytes that are on their way or wait to be read.
    private static let capacity = 16_384

    private struct Write {
        var bytes: ArraySlice<UInt8>
        var promise: EventLoopPromise<Void>?
    }

    private let link: Link
    let from: ProcessID
    let to: ProcessID
    weak var receiver: LinkEnd?
    /// Bytes after which the connection breaks.
    var breaksAfter: Int?
    /// Whether the sender has said that this was all.
    private(set) var hasEnded = false
    private(set) var hasDeliveredEnd = false
    private var writes: [Write] = []
    private var buffer: [UInt8] = []
    private var ending: EventLoopPromise<Void>?
    private var isEnding = false
    private var isScheduled = false

    init(_ link: Link, from: ProcessID, to: ProcessID) {
        self.link = link
        self.from = from
        self.to = to
    }

    /// Bytes that nobody has received.
    var byteCount: Int { writes.reduce(buffer.count) { $0 + $1.bytes.count } }

    func write(_ bytes: [UInt8], _ promise: EventLoopPromise<Void>?) {
        writes.append(Write(bytes: bytes[...], promise: promise))
        accept()
    }

    /// That was all; `promise` when the operating system has it.
    func end(_ promise: EventLoopPromise<Void>?) {
        isEnding = true
        ending = promise
        accept()
    }

    /// Takes from the writer what there is room for.
    private func accept() {
        while !writes.isEmpty, buffer.count < Self.capacity {
            let piece = writes[0].bytes.prefix(Self.capacity - buffer.count)
            buffer += piece
            writes[0].bytes = writes[0].bytes.dropFirst(piece.count)
            if writes[0].bytes.isEmpty { writes.removeFirst().promise?.succeed() }
        }
        if writes.isEmpty, isEnding, !hasEnded {
            hasEnded = true
            ending.take()?.succeed()
        }
        schedule()
    }

    /// Has something delivered in a while, if there is something and it can be.
    func schedule() {
        guard !isScheduled, !link.isBroken, !link.isHeld, let receiver, receiver.wantsBytes,
            !buffer.isEmpty || hasEnded && !hasDeliveredEnd
        else { return }
        isScheduled = true
        link.scheduler.after(link.latency(), as: to) { [weak self] in
            self?.isScheduled = false
            self?.deliver()
        }
    }

    private func deliver() {
        guard !link.isBroken, !link.isHeld, let receiver, receiver.wantsBytes else { return }
        if buffer.isEmpty {
            guard hasEnded, !hasDeliveredEnd else { return }
            hasDeliveredEnd = true
            return receiver.receiveEnd()
        }
        var count = link.pieceSize(of: buffer.count)
        if let left = breaksAfter {
            count = min(count, left)
            breaksAfter = left - count
        }
        if count > 0 {
            let piece = Array(buffer.prefix(count))
            buffer.removeFirst(count)
            for byte in piece { link.scheduler.note(UInt64(byte)) }
            link.scheduler.after(0, as: from) { [weak self] in self?.accept() }
            receiver.receive(piece)
        }
        if breaksAfter == 0 { return link.breakNow() }
        schedule()
    }

    /// Loses everything; gives how many bytes.
    func lose(telling error: any Error) -> Int {
        let count = byteCount
        buffer = []
        let promises = writes.map(\.promise) + [ending.take()]
        writes = []
        link.scheduler.after(0, as: from) {
            for promise in promises { promise?.fail(error) }
        }
        return count
    }
}
