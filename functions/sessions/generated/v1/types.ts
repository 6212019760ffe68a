// Generated from api/sessions/v1.yaml by scripts/generate. Do not edit.
export interface paths {
    "/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a session
         * @description The one answer, besides that of a refresh, that holds the token.
         */
        post: operations["createSession"];
        /**
         * End all sessions of the user
         * @description Sign-out everywhere. Right as well when there is none.
         */
        delete: operations["revokeSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/current": {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The session's token.
                 * @example pzq8Zc1yF0m2bq3vZ6cXcQ.8m5J0xYzqk1w0oQ4m7rV3g.Jm9u4s1q2v3x4y5z6A7B8C9D0E1F2G3H4I5J6K7L8M9
                 */
                "X-Session-Token": components["parameters"]["SessionToken"];
            };
            path?: never;
            cookie?: never;
        };
        /**
         * Read the session
         * @description Does not count as use.
         */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /**
         * End the session
         * @description Sign-out. Any token that the session has had will do. Whatever is done at the same time, the session is gone after it.
         */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/current/refresh": {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The session's token.
                 * @example pzq8Zc1yF0m2bq3vZ6cXcQ.8m5J0xYzqk1w0oQ4m7rV3g.Jm9u4s1q2v3x4y5z6A7B8C9D0E1F2G3H4I5J6K7L8M9
                 */
                "X-Session-Token": components["parameters"]["SessionToken"];
            };
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a new token
         * @description The session goes on under a new token; its end stays. See Refresh above for the old one.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a session, for a service
         * @description Says whose session the token is of, and counts as its use. The service compares `principal` with the subject of the ID token
         *     that came with it. Signed with Signature Version 4 by a role that may invoke exactly this; a request without a signature
         *     answers 404, as one to a route that is not there.
         */
        post: operations["checkSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Opaque and secret. */
        SessionToken: string;
        /** @description A session with its token. */
        IssuedSession: {
            token: components["schemas"]["SessionToken"];
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Ends then unless it is used before.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description Ends then at the latest.
             */
            absoluteExpiresAt: string;
        };
        /** @description A session. */
        Session: {
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Ends then unless it is used before.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description Ends then at the latest.
             */
            absoluteExpiresAt: string;
        };
        /** @description What a service asks. */
        SessionCheck: {
            token: components["schemas"]["SessionToken"];
        };
        /** @description Whose session it is. */
        CheckedSession: {
            /** @description Subject of the user's ID token. */
            principal: string;
            /**
             * Format: date-time
             * @description Ends then unless it is used before.
             */
            expiresAt: string;
        };
        /** @description Problem details, RFC 9457. */
        Problem: {
            /** @example about:blank */
            type: string;
            /** @example Bad Request */
            title: string;
            status: number;
            detail: string;
            /** @description Id of the request in the service's logs. */
            requestId: string;
            /** @description The violations, when there are any to name. */
            errors?: components["schemas"]["Violation"][];
        };
        /** @description One violated rule, with either `pointer` or `parameter`. */
        Violation: {
            /**
             * @description JSON pointer into the body, as a URI fragment.
             * @example #/token
             */
            pointer?: string;
            /**
             * @description Name of the header.
             * @example X-Session-Token
             */
            parameter?: string;
            /** @example must have at most 200 characters */
            detail: string;
        };
    };
    responses: {
        /**
         * @description The request is not what the contract says; `errors` names the violated fields, 100 at most. A missing header, a body that
         *     is not JSON, or a field of another type, is refused by the gateway: without `errors`, and before anything else is looked at.
         */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The ID token is missing, expired, or not of this user pool. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The credentials that the request was signed with have expired. */
        ExpiredCredentials: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The firewall refused the request. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The signature is wrong, its role may not check sessions, or the firewall refused the request. */
        NotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The token is of no session, or not of the user's. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body has more than 4 KiB. */
        ContentTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body's type is not `application/json`. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Slow down; try again after `Retry-After`. */
        TooManyRequests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A fault of the service; quote `requestId` when asking for help. */
        InternalServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The function failed. */
        BadGateway: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description The store of the sessions is away or did not answer in time; try again after `Retry-After`. Whether something was changed is
         *     not known; repeating the request is safe.
         */
        ServiceUnavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The service did not answer in time. */
        GatewayTimeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /**
         * @description The session's token.
         * @example pzq8Zc1yF0m2bq3vZ6cXcQ.8m5J0xYzqk1w0oQ4m7rV3g.Jm9u4s1q2v3x4y5z6A7B8C9D0E1F2G3H4I5J6K7L8M9
         */
        SessionToken: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description Kept by nobody.
         * @example no-store
         */
        NoStore: string;
        /**
         * @description Seconds to wait.
         * @example 1
         */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session began. */
            201: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedSession"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    revokeSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user has no session. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The session's token.
                 * @example pzq8Zc1yF0m2bq3vZ6cXcQ.8m5J0xYzqk1w0oQ4m7rV3g.Jm9u4s1q2v3x4y5z6A7B8C9D0E1F2G3H4I5J6K7L8M9
                 */
                "X-Session-Token": components["parameters"]["SessionToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The session's token.
                 * @example pzq8Zc1yF0m2bq3vZ6cXcQ.8m5J0xYzqk1w0oQ4m7rV3g.Jm9u4s1q2v3x4y5z6A7B8C9D0E1F2G3H4I5J6K7L8M9
                 */
                "X-Session-Token": components["parameters"]["SessionToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The session's token.
                 * @example pzq8Zc1yF0m2bq3vZ6cXcQ.8m5J0xYzqk1w0oQ4m7rV3g.Jm9u4s1q2v3x4y5z6A7B8C9D0E1F2G3H4I5J6K7L8M9
                 */
                "X-Session-Token": components["parameters"]["SessionToken"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session under its new token. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedSession"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    checkSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionCheck"];
            };
        };
        responses: {
            /** @description The session is good. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["NoStore"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedSession"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["ExpiredCredentials"];
            403: components["responses"]["NotAllowed"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
}
