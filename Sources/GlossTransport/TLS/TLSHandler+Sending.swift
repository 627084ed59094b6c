import NIOCore

extension TLSHandler {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase != .failed, phase != .closed, !closing.requested else {
            promise?.fail(TransportError.closed)
            return
        }
        pending.append(PendingWrite(bytes: unwrapOutboundIn(data), promise: promise))
    }

    func flush(context: ChannelHandlerContext) {
        flushed = pending.count
        pump(context)
        context.flush()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .output:
            guard phase != .failed, phase != .closed, !closing.requested else {
                promise?.fail(TransportError.closed)
                return
            }
            closing = (true, promise)
            flushed = pending.count
            pump(context)
        case .all:
            if phase == .open, !isOutputClosed {
                isOutputClosed = true
                session.shutDown()
                sendOutput(context, promise: nil)
                context.flush()
            }
            finish(.closed)
            context.close(mode: .all, promise: promise)
        case .input:
            context.close(mode: .input, promise: promise)
        }
    }

    /// Encrypts and sends flushed writes while the channel takes them, then closes if that was
    /// asked for. Called again whenever the channel becomes writable.
    func pump(_ context: ChannelHandlerContext) {
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        while phase == .open, flushed > 0, context.channel.isWritable {
            while phase == .open, flushed > 0, context.channel.isWritable {
                sendNextRecord(context)
            }
            context.flush()
        }
        guard phase == .open else { return }
        session.releaseIdleBuffers()
        if closing.requested, pending.isEmpty, !isOutputClosed {
            isOutputClosed = true
            session.shutDown()
            sendOutput(context, promise: nil)
            context.flush()
            context.close(mode: .output, promise: closing.promise)
            closing.promise = nil
        }
    }

    private func sendNextRecord(_ context: ChannelHandlerContext) {
        let count = min(pending[pending.startIndex].bytes.readableBytes, TLSSession.recordSize)
        if count > 0 {
            do throws(TLSFailure) {
                try encrypt(count)
            } catch {
                fail(context, .connectionLost(reason: error.reason))
                return
            }
        }
        guard pending[pending.startIndex].bytes.readableBytes == 0 else {
            sendOutput(context, promise: nil)
            return
        }
        flushed -= 1
        sendOutput(context, promise: pending.removeFirst().promise)
    }

    /// Turns the next `count` bytes of the first pending write into a record.
    private func encrypt(_ count: Int) throws(TLSFailure) {
        var failure: TLSFailure?
        pending[pending.startIndex].bytes.readWithUnsafeReadableBytes { bytes in
            do throws(TLSFailure) {
                try session.write(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            } catch {
                failure = error
            }
            return count
        }
        if let failure { throw failure }
    }

    /// Writes what the session has for the peer. Does not flush.
    func sendOutput(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        let count = session.outputCount
        guard count > 0 else {
            promise?.succeed()
            return
        }
        var bytes = context.channel.allocator.buffer(capacity: count)
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            session.takeOutput(into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]))
        }
        context.write(wrapOutboundOut(bytes), promise: promise)
    }
}
