import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Follows no redirect: the tokens would go along to whatever host it names. The caller gets the answer itself.
private final class NoRedirects: NSObject, URLSessionTaskDelegate {
    static let session = URLSession(configuration: .default, delegate: NoRedirects(), delegateQueue: nil)

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

/// The generated requests, on a session that follows no redirect.
final class NoRedirectsRequestBuilderFactory: RequestBuilderFactory, Sendable {
    func getNonDecodableBuilder<T>() -> RequestBuilder<T>.Type {
        NoRedirectsRequestBuilder<T>.self
    }

    func getBuilder<T: Decodable>() -> RequestBuilder<T>.Type {
        NoRedirectsDecodableRequestBuilder<T>.self
    }
}

private final class NoRedirectsRequestBuilder<T: Sendable>: URLSessionRequestBuilder<T>, @unchecked Sendable {
    override func createURLSession() -> URLSessionProtocol {
        NoRedirects.session
    }
}

private final class NoRedirectsDecodableRequestBuilder<T: Decodable & Sendable>: URLSessionDecodableRequestBuilder<T>,
    @unchecked Sendable
{
    override func createURLSession() -> URLSessionProtocol {
        NoRedirects.session
    }
}
