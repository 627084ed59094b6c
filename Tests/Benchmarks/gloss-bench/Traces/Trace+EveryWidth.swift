extension Trace {
    /// The same edits with other characters: a quarter each of one, two, three and four bytes of
    /// UTF-8. Whoever mixes up units finds wrong places in it.
    var everyWidth: Trace {
        var trace = self
        trace.name += " (every width)"
        trace.finalText = finalText.map(Trace.widened)
        for index in trace.transactions.indices {
            for patch in trace.transactions[index].patches.indices {
                let typed = transactions[index].patches[patch].inserted
                trace.transactions[index].patches[patch].inserted = typed.map(Trace.widened)
            }
        }
        return trace
    }

    /// Another scalar for a scalar, always the same one, in a width that its value decides.
    private static func widened(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let offset = scalar.value % 0x400
        let value: UInt32 =
            switch scalar.value % 4 {
            case 1: 0x100 + offset
            case 2: 0x4E00 + offset
            case 3: 0x1F300 + offset
            default: scalar.value
            }
        return Unicode.Scalar(value) ?? scalar
    }
}
