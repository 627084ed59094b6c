import Foundation
import GlossProtocol
import Testing

/// The pages in `Protocol` say what the code does.
@Suite struct DocumentationTests {
    private func rows(_ page: String) throws -> [[String]] {
        try Vectors.page(page).split(separator: "\n").filter { $0.hasPrefix("| ") }.map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func `Every error code is described, with its scope and retry class`() throws {
        var described: [String: [String]] = [:]
        for row in try rows("messages.md") where row.count == 4 && row[0].hasPrefix("`") {
            described[row[0].replacing("`", with: "")] = [row[1], row[2]]
        }
        let codes = ErrorCode.allCases.filter { $0 != .unrecognized }
        for code in codes {
            #expect(
                described[code.rawValue] == [code.scope.rawValue, code.retry.rawValue],
                "\(code.rawValue)")
        }
        #expect(described.count == codes.count)
    }

    @Test func `The limits of the pages are those of the code`() throws {
        func number(_ value: Int) -> String {
            var digits = String(value)
            var index = digits.count - 3
            while index > 0 {
                digits.insert(",", at: digits.index(digits.startIndex, offsetBy: index))
                index -= 3
            }
            return digits
        }
        let messages = try rows("messages.md") + rows("changes.md")
        let expected: [(String, [Int])] = [
            ("line before `welcome`; after", [WireLimits.lineBeforeLogin, WireLimits.line]),
            ("lines before `welcome`, beside `hello`", [WireLimits.linesBeforeWelcome]),
            ("levels of nesting", [WireLimits.depth]),
            (
                "changes in a push; documents in a push",
                [WireLimits.pushChanges, WireLimits.pushDocuments]
            ),
            ("bytes of changes that a push should stay below", [WireLimits.pushBytes]),
            (
                "pushes under way; bytes of changes in them",
                [WireLimits.pushesInFlight, WireLimits.bytesInFlight]
            ),
            ("`docs` and `sub` under way", [WireLimits.requestsInFlight]),
            ("documents followed", [WireLimits.subscriptions]),
            (
                "documents in a page of `docs`; in `new`",
                [WireLimits.documents, WireLimits.documents]
            ),
            (
                "agents in a vector, and of a document; changes of another are `too_large`",
                [WireLimits.vector]
            ),
            (
                "bytes that wait for a peer before it gets `lag` instead of more",
                [WireLimits.waiting]
            ),
            (
                "pushes that wait for the disk, of all connections; more are `overloaded`",
                [WireLimits.pushesWaiting]
            ),
            (
                "addresses, and users, whose failures are counted at once",
                [WireLimits.failuresKept]
            ),
            (
                "bytes of all changes of a document; what goes beyond is `too_large`",
                [WireLimits.document]
            ),
            ("positions in a `give` or `receipt`", [WireLimits.stretch]),
            ("connections of a device", [WireLimits.connectionsOfDevice]),
            (
                "failed logins from one address; time after which one more may be tried",
                [WireLimits.failedLogins, WireLimits.failedLoginTime / 1_000]
            ),
            ("TLS handshakes started in a second", [WireLimits.handshakesPerSecond]),
            ("entries of `caps` that are read", [WireLimits.capabilities]),
            (
                "changes at once that are told as a `row` each; positions from one checksum to the next",
                [WireLimits.briefRows, WireLimits.rowsToChecksum]
            ),
            ("libraries of a user", [WireLimits.libraries]),
            (
                "bytes of `s` in `pres`; levels of it",
                [WireLimits.presenceState, WireLimits.presenceDepth]
            ),
            ("who shows in a document", [WireLimits.presenceEntries]),
            (
                "milliseconds between two `pres` of a document on a connection",
                [WireLimits.presencePause]
            ),
            ("versions in a `hello`", [WireLimits.versions]),
            ("`sw`; `msg`", [WireLimits.software, WireLimits.reason]),
            ("`msg` in `left`", [WireLimits.reasonLeftOut]),
            (
                "false receipts of a user; time after which one more may be shown",
                [WireLimits.falseReceipts, WireLimits.falseReceiptTime / 1_000]
            ),
            (
                "pushes of a user that are undone, as something behind their first change is "
                    + "refused; time after which one more may be",
                [WireLimits.undonePushes, WireLimits.undonePushTime / 1_000]
            ),
            (
                "login; sign of life; stalled writes",
                [WireLimits.helloTime, WireLimits.pongTime, WireLimits.stallTime].map { $0 / 1_000 }
            ),
            ("the whole change", [WireLimits.change]), ("operations", [WireLimits.operations]),
            ("`d`; `at`", [WireLimits.dependencies]),
            ("spans, marks, ids in one list", [WireLimits.ids]),
            ("`m`, `b`, `p`, `y`, text as `v`", [WireLimits.text]),
            ("tags in `tg`", [WireLimits.tags]), ("`k`", [WireLimits.name]),
            ("ranges in `r`", [WireLimits.ranges]),
            ("entries of `ev`", [WireLimits.evidence]),
            ("`s`, `u` of evidence", [WireLimits.source]),
            (
                "`q`: exact; prefix and suffix", [WireLimits.quote, WireLimits.quoteContext]
            ),
        ]
        for (what, values) in expected {
            let limits = messages.filter { $0.first == what && $0.count == 2 }.map { $0[1] }
            let stated = limits.first?.split(separator: ";").map {
                $0.trimmingCharacters(in: .whitespaces).prefix { $0.isNumber || $0 == "," }
            }
            #expect(stated?.map(String.init) == values.map(number), "\(what)")
        }
    }
}
