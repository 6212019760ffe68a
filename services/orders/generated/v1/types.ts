// Generated from api/orders/v1.yaml by scripts/generate. Do not edit.
export interface paths {
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders, newest first
         * @description One page of the user's orders. Pages stay stable while others are placed: what is new comes before the first page. The
         *     last page has no `nextPageToken`.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Place an order
         * @description All or nothing: an order holds every item that was asked for. The catalog tells names, prices and what is in stock; the
         *     order does not reserve it.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the order. What is no id answers 404.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        /** Read an order */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancellation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the order. What is no id answers 404.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description Safe to repeat: an order that is cancelled already is answered as it is. With `If-Match`, only the version that was read is
         *     cancelled.
         */
        post: operations["cancelOrder"];
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
        /**
         * Format: uuid
         * @description UUID version 7, so ids sort by time of creation.
         */
        OrderId: string;
        /**
         * @description Id of a product of the catalog.
         * @example teapot-blue
         */
        ProductId: string;
        /**
         * Format: int64
         * @description Whole number of the currency's smallest unit. Exact in every client - JavaScript's numbers hold it.
         * @example 1999
         */
        Cents: number;
        /**
         * @description ISO 4217.
         * @example EUR
         */
        Currency: string;
        /** @description What a client asks for. */
        OrderInput: {
            /** @description Each names another product. */
            items: components["schemas"]["ItemInput"][];
        };
        ItemInput: {
            productId: components["schemas"]["ProductId"];
            quantity: number;
        };
        /** @enum {string} */
        OrderStatus: "placed" | "cancelled";
        /** @description An order. */
        Order: {
            id: components["schemas"]["OrderId"];
            status: components["schemas"]["OrderStatus"];
            items: components["schemas"]["OrderItem"][];
            totalCents: components["schemas"]["Cents"];
            currency: components["schemas"]["Currency"];
            /** @description Counts the changes; the ETag is this number in quotes. */
            version: number;
            /** Format: date-time */
            placedAt: string;
            /** Format: date-time */
            cancelledAt: string | null;
        };
        /** @description A product as it was when the order was placed. */
        OrderItem: {
            productId: components["schemas"]["ProductId"];
            name: string;
            quantity: number;
            unitPriceCents: components["schemas"]["Cents"];
        };
        /** @description A page of orders. */
        OrderPage: {
            items: components["schemas"]["Order"][];
            /** @description Asks for the next page. Absent on the last. */
            nextPageToken?: string;
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
             * @example #/items
             */
            pointer?: string;
            /**
             * @description Name of the query parameter or header.
             * @example limit
             */
            parameter?: string;
            /** @example must be at most 1000 */
            detail: string;
        };
    };
    responses: {
        /** @description The request is not what the contract says; `errors` names the violated fields, 100 at most. */
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
        /** @description The firewall refused the request; a page of HTML. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
            };
        };
        /** @description The user has no such order. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body has more than 64 KiB. */
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
        /** @description A fault of the service; quote `requestId` when asking for help. */
        InternalServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The service did not answer the load balancer; a page of HTML. What became of a write is not known. */
        BadGateway: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "text/html": string;
            };
        };
        /** @description The database or the catalog is away or busy; try again after `Retry-After`. */
        ServiceUnavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The service did not answer in time. Whether a write took place is not known. */
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
         * @description Id of the order. What is no id answers 404.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        OrderId: components["schemas"]["OrderId"];
        /** @description Most orders of the page. */
        Limit: number;
        /** @description The previous page's `nextPageToken`. Good for the same user alone. */
        PageToken: string;
        /**
         * @description Makes the request safe to repeat for 24 hours; best a fresh UUID. Visible ASCII. Placing an order needs it.
         * @example 8f14e45f-ceea-467f-a8b5-3b5a2c2f6f10
         */
        IdempotencyKey: string;
        /**
         * @description ETags of which one must be the order's, or `*` for any.
         * @example "1"
         */
        IfMatch: string;
        /**
         * @description ETags that the client has; the answer is 304 when one is still true.
         * @example "1"
         */
        IfNoneMatch: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description The order's version in quotes, a strong validator.
         * @example "1"
         */
        ETag: string;
        /**
         * @description For the client alone, and to be checked before each use.
         * @example private, no-cache
         */
        CacheControl: string;
        /**
         * @description `true` when the order had been placed by an earlier request. Absent otherwise.
         * @example true
         */
        IdempotencyReplayed: "true";
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
    listOrders: {
        parameters: {
            query?: {
                /** @description Most orders of the page. */
                limit?: components["parameters"]["Limit"];
                /** @description The previous page's `nextPageToken`. Good for the same user alone. */
                pageToken?: components["parameters"]["PageToken"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of orders. */
            200: {
                headers: {
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the request safe to repeat for 24 hours; best a fresh UUID. Visible ASCII. Placing an order needs it.
                 * @example 8f14e45f-ceea-467f-a8b5-3b5a2c2f6f10
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderInput"];
            };
        };
        responses: {
            /** @description The order was placed, or had been under the same key; then it is as it is now. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Idempotency-Replayed": components["headers"]["IdempotencyReplayed"];
                    /**
                     * @description The order, relative to the URL that was asked for (RFC 9110, section 10.2.2).
                     * @example orders/01890a5d-ac96-774b-bcce-b302099a8057
                     */
                    Location?: string;
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /**
             * @description The catalog does not allow it: a product is unknown or sold no more, there is not enough of it, or its currency is not
             *     that of the first. `errors` names every item. Nothing was written, and the key is free.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description The `Idempotency-Key` was used with another body. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETags that the client has; the answer is 304 when one is still true.
                 * @example "1"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description Id of the order. What is no id answers 404.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description What the client has is still true. */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETags of which one must be the order's, or `*` for any.
                 * @example "1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description Id of the order. What is no id answers 404.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                id: components["parameters"]["OrderId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order, cancelled. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description The order has changed since; the `ETag` is the current one. */
            412: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
}
