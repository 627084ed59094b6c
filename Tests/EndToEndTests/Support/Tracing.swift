import Foundation

/// System calls as `strace -f` writes them down, and killing at one of them.
enum Tracing {
    /// A call of a trace.
    struct Call: Hashable, Sendable {
        var thread: String
        var name: String
        /// Everything behind the name.
        var rest: String

        /// Whether it only wakes another thread of the same process.
        var isWakeup: Bool { rest.contains(#""\1\0\0\0\0\0\0\0", 8"#) }
    }

    /// When something happened to a call. A call that no other thread came between begins and ends
    /// in one line; of any other there is one line for its begin and one for its end.
    struct Moment: Hashable, Sendable {
        /// The call, as far as it is known by then; at its end with what it returned.
        var call: Call
        var isBegin: Bool
        var isEnd: Bool
    }

    /// The moments of a trace, in order. What is no call, a signal for instance, is left out.
    static func moments(_ trace: String) -> [Moment] {
        let unfinished = " <unfinished ...>"
        var open: [String: Call] = [:]
        return trace.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            let thread = String(parts[0])
            let text = parts[1].drop { $0 == " " }
            if text.hasPrefix("<... "), let resumed = text.firstRange(of: " resumed>") {
                guard var call = open.removeValue(forKey: thread) else { return nil }
                call.rest += text[resumed.upperBound...]
                return Moment(call: call, isBegin: false, isEnd: true)
            }
            guard let bracket = text.firstIndex(of: "("), text.first?.isLetter == true else {
                return nil
            }
            var call = Call(
                thread: thread, name: String(text[..<bracket]), rest: String(text[bracket...]))
            let isWhole = !call.rest.hasSuffix(unfinished)
            if !isWhole {
                call.rest.removeLast(unfinished.count)
                open[thread] = call
            }
            return Moment(call: call, isBegin: true, isEnd: isWhole)
        }
    }

    /// The calls of a trace, in the order in which they began.
    static func calls(_ trace: String) -> [Call] {
        moments(trace).filter(\.isBegin).map(\.call)
    }

    /// A call to be killed at: the `number`th of that name in its thread.
    struct Point: Hashable, Sendable, CustomStringConvertible {
        var name: String
        var number: Int

        var description: String { "\(name) \(number)" }

        /// What goes in front of a command to kill it there, before the call is carried out.
        var wrapper: [String] {
            [
                "strace", "-f", "-o", "/dev/null", "-e", "trace=\(name)", "-e",
                "inject=\(name):signal=KILL:when=\(number)",
            ]
        }
    }

    /// What changes files, waits for the disk or prints.
    static let writing = ["pwrite64", "fdatasync", "unlink", "write"]

    /// Where a command that left this trace can be killed: at all calls that wait for the disk or
    /// end a transaction, at the first and last writes, and at some between.
    static func points(
        in calls: [Call], between: Int, using random: inout some RandomNumberGenerator
    ) -> [Point] {
        var points: [Point] = []
        for name in writing {
            let byThread = Dictionary(grouping: calls.filter { $0.name == name }, by: \.thread)
            var numbers: Set<Int> = []
            for calls in byThread.values {
                for (index, call) in calls.enumerated() where !call.isWakeup {
                    numbers.insert(index + 1)
                }
            }
            if name == "pwrite64", let last = numbers.max(), last > between + 2 {
                numbers = Set((2..<last).shuffled(using: &random).prefix(between) + [1, last])
            }
            points += numbers.sorted().map { Point(name: name, number: $0) }
        }
        return points
    }
}
