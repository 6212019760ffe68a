import Foundation

/// An API of the platform.
public enum PlatformAPI: Sendable, CaseIterable {
    case todosV1
    case todosV2
    case catalog
    case orders
    case storefront
    case sessions

    /// The host that stands before the platform's, and the path that stands before the contract's.
    var place: (host: String, path: String) {
        switch self {
        case .todosV1: ("todos", "/v1")
        case .todosV2: ("todos", "/v2")
        case .catalog: ("catalog", "")
        case .orders: ("orders", "")
        case .storefront: ("storefront", "")
        case .sessions: ("sessions", "/v1")
        }
    }
}

/// All APIs of the platform, for one signed-in user.
///
/// Every call's error has a `failure`, the same for all APIs. Requests that are safe to repeat (by their method, or by `idempotencyKey`)
/// are sent again after a wait when a service was busy or away; the ID token is kept, and asked for anew before it expires or once it is
/// refused.
public final class PlatformClient: Sendable {
    public let todosV1: TodosV1API
    public let todosV2: TodosV2API
    public let catalog: CatalogAPI
    public let orders: OrdersAPI
    public let storefront: StorefrontAPI
    public let sessions: SessionsAPI

    private let session = OpenAPIMutex<String?>(nil)

    /// - Parameters:
    ///   - baseURL: the platform's address, e.g. `https://shop.example.com`; each API has a host name below it, e.g.
    ///     `https://todos.shop.example.com/v2`
    ///   - addresses: of APIs that are elsewhere; the contract's paths follow, e.g. `/todos`
    ///   - retry: when a request is sent again
    ///   - allowInsecure: lets addresses of other machines be `http:`, where whoever is on the way reads the tokens
    ///   - onDeprecated: is told once of each API whose version is deprecated, by the first answer that says so
    ///   - idToken: gives the signed-in user's ID token
    public init(
        baseURL: URL,
        addresses: [PlatformAPI: URL] = [:],
        retry: RetryPolicy = RetryPolicy(),
        now: @escaping @Sendable () -> Date = { Date() },
        allowInsecure: Bool = false,
        onDeprecated: (@Sendable (Deprecation) -> Void)? = nil,
        idToken: @escaping IDTokenSource
    ) {
        precondition(
            baseURL.host != nil && ["", "/"].contains(baseURL.path),
            "baseURL must be an origin like https://shop.example.com, got \"\(baseURL)\""
        )
        let tokens = IDTokens(source: idToken, now: now)
        let session = self.session
        func configuration(
            _ api: PlatformAPI,
            headers: @escaping @Sendable () -> [String: String] = { [:] }
        ) -> PlatformClientAPIConfiguration {
            let own = addresses[api]
            let place = own == nil ? "baseURL" : "addresses.\(api)"
            precondition(
                allowInsecure || PlatformClient.secure(own ?? baseURL),
                "\(place): must be https, got \"\(own ?? baseURL)\": use https, or set allowInsecure where nobody can listen"
            )
            let address = own?.absoluteString ?? PlatformClient.address(of: api, below: baseURL)
            return PlatformClientAPIConfiguration(
                basePath: address.hasSuffix("/") ? String(address.dropLast()) : address,
                requestBuilderFactory: NoRedirectsRequestBuilderFactory(),
                apiResponseQueue: .global(),
                interceptor: Transport(
                    tokens: tokens,
                    policy: retry,
                    now: now,
                    deprecation: DeprecationNotice(of: api, tell: onDeprecated),
                    headers: headers
                )
            )
        }
        todosV1 = TodosV1API(apiConfiguration: configuration(.todosV1))
        todosV2 = TodosV2API(apiConfiguration: configuration(.todosV2))
        catalog = CatalogAPI(apiConfiguration: configuration(.catalog))
        orders = OrdersAPI(apiConfiguration: configuration(.orders))
        storefront = StorefrontAPI(apiConfiguration: configuration(.storefront) {
            session.value.map { ["X-Session-Token": $0] } ?? [:]
        })
        sessions = SessionsAPI(apiConfiguration: configuration(.sessions))
    }

    /// Sends a session along with each request to the storefront, from now on.
    ///
    /// - Parameter token: of `sessions.createSession()`; nil for none any more
    public func useSession(_ token: String?) {
        session.withValue { $0 = token }
    }

    /// Tokens go along with each request; what is sent to this machine does not leave it.
    private static func secure(_ address: URL) -> Bool {
        if address.scheme?.lowercased() == "https" { return true }
        let host = address.host?.lowercased() ?? ""
        return ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host) || host.hasSuffix(".localhost")
    }

    private static func address(of api: PlatformAPI, below base: URL) -> String {
        let place = api.place
        let port = base.port.map { ":\($0)" } ?? ""
        return "\(base.scheme ?? "https")://\(place.host).\(base.host ?? "")\(port)\(place.path)"
    }
}

// Each holds its configuration alone, which may be shared.
extension TodosV1API: @unchecked Sendable {}
extension TodosV2API: @unchecked Sendable {}
extension CatalogAPI: @unchecked Sendable {}
extension OrdersAPI: @unchecked Sendable {}
extension StorefrontAPI: @unchecked Sendable {}
extension SessionsAPI: @unchecked Sendable {}

extension TodosV2API {
    /// Removes what a to-do may be without. `changeTodo` cannot: a nil of its patch is a field left alone.
    ///
    /// - Parameter ifMatch: ETag of the to-do, i.e. its version in quotes, or `*` for any
    public func clearTodo(
        id: UUID,
        ifMatch: String,
        note: Bool = false,
        dueAt: Bool = false
    ) async throws(ErrorResponse) -> TodosV2Todo {
        let prepared = changeTodoWithRequestBuilder(id: id, todoPatch: TodosV2TodoPatch(), ifMatch: ifMatch)
        let fields = (note ? ["\"note\":null"] : []) + (dueAt ? ["\"dueAt\":null"] : [])
        let body = Data("{\(fields.joined(separator: ","))}".utf8)
        let builder: RequestBuilder<TodosV2Todo>.Type = apiConfiguration.requestBuilderFactory.getBuilder()
        return try await builder.init(
            method: prepared.method,
            URLString: prepared.URLString,
            parameters: JSONDataEncoding.encodingParameters(jsonData: body),
            headers: prepared.headers,
            requiresAuthentication: prepared.requiresAuthentication,
            apiConfiguration: apiConfiguration
        ).execute().body
    }
}
