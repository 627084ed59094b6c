import ArgumentParser

/// Helps with a mistyped command.
enum Suggestion {
    /// What to say if the first words name a command that there is not; `nil` if they are fine.
    static func unknownCommand(in arguments: [String]) -> String? {
        var type: any ParsableCommand.Type = Glossd.self
        var path = "glossd"
        for word in arguments {
            let known = type.configuration.subcommands
            if word.hasPrefix("-") || known.isEmpty || word == "help" { return nil }
            guard let next = known.first(where: { name(of: $0) == word }) else {
                let names = known.map(name)
                let nearest = names.map { (distance($0, word), $0) }.min { $0.0 < $1.0 }
                if let nearest, nearest.0 <= 2 {
                    return "There is no “\(path) \(word)”. Did you mean: \(path) \(nearest.1)"
                }
                let all = names.joined(separator: ", ")
                return "There is no “\(path) \(word)”. Commands: \(all)"
            }
            path += " \(word)"
            type = next
        }
        return nil
    }

    /// The words that name the command.
    static func command(in arguments: [String]) -> [String] {
        var type: any ParsableCommand.Type = Glossd.self
        var words: [String] = []
        for word in arguments {
            let next = type.configuration.subcommands.first { name(of: $0) == word }
            guard let next else { break }
            words.append(word)
            type = next
        }
        return words
    }

    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? ""
    }

    /// How many letters must be put in, taken out or replaced to get from one word to the other.
    static func distance(_ first: String, _ second: String) -> Int {
        let (left, right) = (Array(first), Array(second))
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let cost = min(row[column] + 1, row[column + 1] + 1)
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(cost, replaced)
            }
        }
        return row[right.count]
    }
}
