// Generated from api/storefront/v1.yaml by scripts/generate. Do not edit.
export interface paths {
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List products
         * @description One page, by id. The last page has no `nextPageToken`.
         */
        get: operations["listProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the product. What is no id answers 404.
                 * @example teapot-blue
                 */
                id: components["parameters"]["ProductId"];
            };
            cookie?: never;
        };
        /** Read a product */
        get: operations["getProduct"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders, newest first
         * @description One page of the user's orders, each item with the product's name of today. When the catalog does not tell the names, the
         *     orders are listed without them, and `namesMissing` says so.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Place an order
         * @description All or nothing, at the catalog's prices of the moment. The key is the orders API's own.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/order-history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the history of orders, newest first
         * @description One page of the user's orders and what became of them. A page may have fewer than `limit`; the last page has no `nextPageToken`.
         */
        get: operations["listOrderHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/order-history/{id}": {
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
        /** Read the history of an order */
        get: operations["getOrderHistory"];
        put?: never;
        post?: never;
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
        /** @description A product to look at. */
        Product: {
            id: components["schemas"]["ProductId"];
            name: string;
            description: string;
            priceCents: components["schemas"]["Cents"];
            currency: components["schemas"]["Currency"];
            /** @description Units in stock. */
            available: number;
        };
        /** @description A page of products. */
        ProductPage: {
            items: components["schemas"]["Product"][];
            /** @description Asks for the next page. Absent on the last. */
            nextPageToken?: string;
        };
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
            /** Format: uuid */
            id: string;
            status: components["schemas"]["OrderStatus"];
            items: components["schemas"]["OrderItem"][];
            totalCents: components["schemas"]["Cents"];
            currency: components["schemas"]["Currency"];
            /** @description Counts the changes. */
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
        /** @description An order, with the names of today. */
        ListedOrder: {
            /** Format: uuid */
            id: string;
            status: components["schemas"]["OrderStatus"];
            items: components["schemas"]["ListedItem"][];
            totalCents: components["schemas"]["Cents"];
            currency: components["schemas"]["Currency"];
            /** @description Counts the changes. */
            version: number;
            /** Format: date-time */
            placedAt: string;
            /** Format: date-time */
            cancelledAt: string | null;
        };
        ListedItem: {
            productId: components["schemas"]["ProductId"];
            /** @description The product's name today; null when there is no such product any more, or `namesMissing`. */
            name: string | null;
            /** @description Its name when it was ordered. */
            orderedName: string;
            quantity: number;
            unitPriceCents: components["schemas"]["Cents"];
        };
        /** @description A page of orders. */
        OrderPage: {
            items: components["schemas"]["ListedOrder"][];
            /** @description The catalog could not be asked for the names of today. */
            namesMissing: boolean;
            /** @description Asks for the next page. Absent on the last. */
            nextPageToken?: string;
        };
        /** @description An order, and what became of it. */
        HistoryOrder: {
            /** Format: uuid */
            id: string;
            /**
             * @description `failed` when it cannot be fulfilled; the order is cancelled soon after. `cancelled` goes before all else.
             * @enum {string}
             */
            status: "placed" | "shipped" | "failed" | "cancelled";
            items: components["schemas"]["HistoryItem"][];
            totalCents: components["schemas"]["Cents"];
            currency: components["schemas"]["Currency"];
            /** @description The order's version that is shown. */
            version: number;
            /** Format: date-time */
            placedAt: string;
            /** Format: date-time */
            cancelledAt: string | null;
            /**
             * @description Why it was cancelled. Absent when it is not.
             * @enum {string}
             */
            cancelledBy?: "user" | "fulfilmentFailed";
            fulfilment?: components["schemas"]["Fulfilment"];
        };
        /** @description A product as it was when the order was placed. */
        HistoryItem: {
            productId: components["schemas"]["ProductId"];
            name: string;
            quantity: number;
            unitPriceCents: components["schemas"]["Cents"];
        };
        /** @description How the fulfilment ended. Absent until it has. */
        Fulfilment: {
            /** @enum {string} */
            status: "shipped" | "failed";
            /** Format: date-time */
            at: string;
            /** @description Of what was shipped. */
            shipmentId?: string;
            /**
             * @description Why it failed.
             * @enum {string}
             */
            reason?: "outOfStock" | "paymentDeclined" | "rejected" | "approvalTimedOut" | "cancelled" | "error";
        };
        /** @description A page of the history. */
        HistoryPage: {
            items: components["schemas"]["HistoryOrder"][];
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
        /**
         * @description The ID token is missing, expired, or not of this user pool; or the session is missing, over, or another user's.
         *     `WWW-Authenticate` says which.
         */
        Unauthorized: {
            headers: {
                /**
                 * @description `Bearer` when the ID token is at fault: sign in or refresh it. `Session` when the session is: begin one.
                 * @example Session error="invalid_token"
                 */
                "WWW-Authenticate"?: string;
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
        /** @description A service behind this one failed. */
        BadGateway: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A service behind this one is away or busy; try again after `Retry-After`. */
        ServiceUnavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A service behind this one did not answer in time. Whether a write took place is not known. */
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
         * @description Id of the product. What is no id answers 404.
         * @example teapot-blue
         */
        ProductId: components["schemas"]["ProductId"];
        /** @description Most products of the page. */
        ProductLimit: number;
        /** @description Most orders of the page. */
        OrderLimit: number;
        /** @description Most orders of the page. */
        HistoryLimit: number;
        /**
         * @description Id of the order. What is no id answers 404.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        OrderId: string;
        /** @description The previous page's `nextPageToken`. */
        PageToken: string;
        /**
         * @description `max-age=0` reads past the cache.
         * @example max-age=0
         */
        CacheControl: string;
        /**
         * @description Makes the request safe to repeat for 24 hours; best a fresh UUID. Visible ASCII. Placing an order needs it.
         * @example 8f14e45f-ceea-467f-a8b5-3b5a2c2f6f10
         */
        IdempotencyKey: string;
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
        /**
         * @description Where the answer comes from (RFC 9211).
         * @example storefront; hit
         */
        CacheStatus: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listProducts: {
        parameters: {
            query?: {
                /** @description Most products of the page. */
                limit?: components["parameters"]["ProductLimit"];
                /** @description The previous page's `nextPageToken`. */
                pageToken?: components["parameters"]["PageToken"];
            };
            header?: {
                /**
                 * @description `max-age=0` reads past the cache.
                 * @example max-age=0
                 */
                "Cache-Control"?: components["parameters"]["CacheControl"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products. */
            200: {
                headers: {
                    "Cache-Status": components["headers"]["CacheStatus"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductPage"];
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
    getProduct: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `max-age=0` reads past the cache.
                 * @example max-age=0
                 */
                "Cache-Control"?: components["parameters"]["CacheControl"];
            };
            path: {
                /**
                 * @description Id of the product. What is no id answers 404.
                 * @example teapot-blue
                 */
                id: components["parameters"]["ProductId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product. */
            200: {
                headers: {
                    "Cache-Status": components["headers"]["CacheStatus"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description There is no such product. */
            404: {
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
    listOrders: {
        parameters: {
            query?: {
                /** @description Most orders of the page. */
                limit?: components["parameters"]["OrderLimit"];
                /** @description The previous page's `nextPageToken`. */
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
    listOrderHistory: {
        parameters: {
            query?: {
                /** @description Most orders of the page. */
                limit?: components["parameters"]["HistoryLimit"];
                /** @description The previous page's `nextPageToken`. */
                pageToken?: components["parameters"]["PageToken"];
            };
            header?: {
                /**
                 * @description `max-age=0` reads past the cache.
                 * @example max-age=0
                 */
                "Cache-Control"?: components["parameters"]["CacheControl"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the history. */
            200: {
                headers: {
                    "Cache-Status": components["headers"]["CacheStatus"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description This environment has no order history. */
            404: {
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
    getOrderHistory: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `max-age=0` reads past the cache.
                 * @example max-age=0
                 */
                "Cache-Control"?: components["parameters"]["CacheControl"];
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
            /** @description The order and what became of it. */
            200: {
                headers: {
                    "Cache-Status": components["headers"]["CacheStatus"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryOrder"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description The user has no such order, or it is not in the history yet; or this environment has none. */
            404: {
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
}
