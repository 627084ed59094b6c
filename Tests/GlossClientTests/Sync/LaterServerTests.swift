import GlossProtocol
import Testing

@testable import GlossClient

/// What a server of a later version says is acted on by its retry class.
@Suite struct LaterServerTests {
    @Test(arguments: [
        (RetryClass.later, ClientError.Code.unreachable), (.now, .unreachable),
        (.resync, .unreachable), (.reauth, .notAllowed), (.never, .refused),
    ])
    func `A code that is not known ends what its class says`(
        retry: RetryClass, code: ClientError.Code
    ) {
        let server = Profile.Server(host: "desk", port: 7464, fingerprint: [])
        let failure = Failure(
            scope: .connection, code: .unrecognized, retry: retry, message: "too sunny")
        #expect(ClientError(failure, server: server).code == code)
    }
}
