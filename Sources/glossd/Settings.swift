import ArgumentParser
import Glibc
import GlossServer

/// The options that every command has.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the server keeps everything.", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("A configuration file.", valueName: "file"))
    var config: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// What is set on the command line, in the environment and in the file.
    func configuration() throws(ServerError) -> ServerConfiguration {
        try ServerConfiguration(dataDirectory: data, file: config) { name in
            getenv(name).map { String(cString: $0) }
        }
    }
}

/// An address from the command line.
func address(_ text: String) throws(ServerError) -> ListenAddress {
    guard let address = ListenAddress(text) else {
        throw ServerError(
            .invalid, "“\(text)” is no address. Write host:port, or :port for everybody.")
    }
    return address
}
