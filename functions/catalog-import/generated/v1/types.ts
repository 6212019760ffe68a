// Generated from api/catalog/v1.yaml by scripts/generate. Do not edit.
export interface paths {
    "/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List products, or read some by their ids
         * @description Without `ids`: one page of the products that are listed, by id; the last page has no `nextPageToken`. With `ids`: those of
         *     them that exist, listed or not, in the order that was asked for, each once; there is no other page.
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
        /**
         * Add or replace a product
         * @description With `If-None-Match: *` the product is added, with `If-Match` the whole of it is replaced; a field left out takes its default.
         *     For the group `catalog-admin` alone.
         */
        put: operations["putProduct"];
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
         * @description Id of a product, chosen by whoever adds it.
         * @example teapot-blue
         */
        ProductId: string;
        /** @description Amount in the currency's smallest unit. */
        Cents: number;
        /** @description What an administrator says of a product. */
        ProductInput: {
            /** @description 1 to 200 characters, at least one of them visible, none of them a control character. */
            name: string;
            /**
             * @description No control characters besides tabs and the ends of lines.
             * @default
             */
            description?: string;
            priceCents: components["schemas"]["Cents"];
            /**
             * @description ISO 4217.
             * @example EUR
             */
            currency: string;
            /** @description Units in stock. */
            available: number;
            /**
             * @description Whether it is in the list. A product that is sold no more is not, and can still be read.
             * @default true
             */
            listed?: boolean;
        };
        /** @description A product. */
        Product: {
            id: components["schemas"]["ProductId"];
            name: string;
            description: string;
            priceCents: components["schemas"]["Cents"];
            currency: string;
            available: number;
            listed: boolean;
            /** @description Counts the changes; the ETag is this number in quotes. */
            version: number;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A page of products. */
        ProductPage: {
            items: components["schemas"]["Product"][];
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
             * @example #/name
             */
            pointer?: string;
            /**
             * @description Name of the query parameter or header.
             * @example limit
             */
            parameter?: string;
            /** @example must have at most 200 characters */
            detail: string;
        };
    };
    responses: {
        /** @description What the client has is still true. */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                [name: string]: unknown;
            };
            content?: never;
        };
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
        /** @description There is no such product. */
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
        /** @description The service is busy, or its database is throttled or away; try again after `Retry-After`. */
        ServiceUnavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The database did not answer in time. Whether a write took place is not known. */
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
        /**
         * @description Ids of at most 100 products, separated by commas. Not together with `limit` or `pageToken`.
         * @example teapot-blue,cup-white
         */
        Ids: string;
        /** @description Most products of the page; 25 when it is left out. */
        Limit: number;
        /** @description The previous page's `nextPageToken`. */
        PageToken: string;
        /**
         * @description ETags of which one must be the product's, or `*` for any. Not together with `If-None-Match`.
         * @example "1"
         */
        IfMatch: string;
        /**
         * @description `*`: the product must not be there yet.
         * @example *
         */
        IfNew: "*";
        /**
         * @description ETags that the client has; the answer is 304 when one is still true.
         * @example "1"
         */
        IfNoneMatch: string;
        /**
         * @description `max-age=0` reads what was just written.
         * @example max-age=0
         */
        CacheControl: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description The product's version in quotes, a strong validator.
         * @example "1"
         */
        ETag: string;
        /**
         * @description Strong validator of the page.
         * @example "5cVg3mGk0iJ8wq0nF1v2Yw"
         */
        ListETag: string;
        /**
         * @description For the client alone, and to be checked before each use.
         * @example private, no-cache
         */
        CacheControl: string;
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
    listProducts: {
        parameters: {
            query?: {
                /**
                 * @description Ids of at most 100 products, separated by commas. Not together with `limit` or `pageToken`.
                 * @example teapot-blue,cup-white
                 */
                ids?: components["parameters"]["Ids"];
                /** @description Most products of the page; 25 when it is left out. */
                limit?: components["parameters"]["Limit"];
                /** @description The previous page's `nextPageToken`. */
                pageToken?: components["parameters"]["PageToken"];
            };
            header?: {
                /**
                 * @description ETags that the client has; the answer is 304 when one is still true.
                 * @example "1"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description `max-age=0` reads what was just written.
                 * @example max-age=0
                 */
                "Cache-Control"?: components["parameters"]["CacheControl"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products, or those that were asked for. */
            200: {
                headers: {
                    ETag: components["headers"]["ListETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductPage"];
                };
            };
            304: components["responses"]["NotModified"];
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
                 * @description ETags that the client has; the answer is 304 when one is still true.
                 * @example "1"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description `max-age=0` reads what was just written.
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
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            304: components["responses"]["NotModified"];
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
    putProduct: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETags of which one must be the product's, or `*` for any. Not together with `If-None-Match`.
                 * @example "1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
                /**
                 * @description `*`: the product must not be there yet.
                 * @example *
                 */
                "If-None-Match"?: components["parameters"]["IfNew"];
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
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductInput"];
            };
        };
        responses: {
            /** @description The product as it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description The product was added. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description The user is not in the group `catalog-admin`; or, as a page of HTML, the firewall refused the request. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                    "text/html": string;
                };
            };
            404: components["responses"]["NotFound"];
            /** @description The product has changed since, or is there already; the `ETag` is the current one. */
            412: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description Neither `If-Match` nor `If-None-Match` was sent. */
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
}
