// Generated from api/todos/v1.yaml by scripts/generate. Do not edit.
export interface paths {
    "/todos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List to-dos, newest first
         * @deprecated
         * @description One page of the user's to-dos. Pages stay stable while others are added: what is new comes before the first page.
         *     The last page has no `nextToken`.
         */
        get: operations["listTodos"];
        put?: never;
        /**
         * Add a to-do
         * @deprecated
         * @description With an `Idempotency-Key`, repeating the request within 24 hours adds nothing and gives the first answer again; another
         *     body under the same key answers 422.
         */
        post: operations["createTodo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/todos/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the to-do. What is no id answers 404.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                id: components["parameters"]["TodoId"];
            };
            cookie?: never;
        };
        /**
         * Read a to-do
         * @deprecated
         */
        get: operations["getTodo"];
        /**
         * Replace a to-do
         * @deprecated
         * @description The whole to-do is replaced; a field left out takes its default.
         */
        put: operations["replaceTodo"];
        post?: never;
        /**
         * Delete a to-do
         * @deprecated
         */
        delete: operations["deleteTodo"];
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
        TodoId: string;
        /** @enum {string} */
        TodoStatus: "open" | "done";
        /**
         * @description Key of a file within the user's own folder of the files bucket, without the `<identity id>/` it begins with there. So
         *     an attachment can never name another user's file.
         * @example photos/2024/list.jpg
         */
        Attachment: string;
        /** @description What a client says of a to-do. */
        TodoInput: {
            /** @description 1 to 200 characters, at least one of them visible. */
            title: string;
            /** @default  */
            note?: string;
            /**
             * @default open
             * @enum {string}
             */
            status?: "open" | "done";
            /**
             * Format: date-time
             * @description RFC 3339, kept as it was sent.
             * @default null
             */
            dueAt?: string | null;
            /** @default [] */
            attachments?: components["schemas"]["Attachment"][];
        };
        /** @description A to-do. */
        Todo: {
            id: components["schemas"]["TodoId"];
            title: string;
            note: string;
            status: components["schemas"]["TodoStatus"];
            /** Format: date-time */
            dueAt: string | null;
            attachments: components["schemas"]["Attachment"][];
            /** @description Counts the changes; the ETag is this number in quotes. */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description A page of to-dos. */
        TodoPage: {
            items: components["schemas"]["Todo"][];
            /** @description Asks for the next page. Absent on the last. */
            nextToken?: string;
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
             * @example #/title
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
        /**
         * @description The request is not what the contract says; `errors` names the violated fields, 100 at most. A body that is not JSON, or a
         *     field of another type, is refused by the gateway: without `errors`, and before anything else is looked at.
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
        /** @description The firewall refused the request. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The user has no such to-do. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description The user's to-dos take up all the space there is, 10 GB with their index: hundreds of thousands of the longest. Reading
         *     and deleting go on.
         */
        StorageFull: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The to-do has changed since; the `ETag` is the current one. */
        PreconditionFailed: {
            headers: {
                ETag: components["headers"]["ETag"];
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
        /** @description The database is throttled or away; try again after `Retry-After`. */
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
         * @description Id of the to-do. What is no id answers 404.
         * @example 01890a5d-ac96-774b-bcce-b302099a8057
         */
        TodoId: components["schemas"]["TodoId"];
        /** @description Most to-dos of the page. */
        Limit: number;
        /** @description The previous page's `nextToken`. Good for the same user and the same `status` alone. */
        NextToken: string;
        /** @description Only to-dos of this status. */
        StatusFilter: components["schemas"]["TodoStatus"];
        /**
         * @description Makes the request safe to repeat for 24 hours; best a fresh UUID. Visible ASCII.
         * @example 8f14e45f-ceea-467f-a8b5-3b5a2c2f6f10
         */
        IdempotencyKey: string;
        /**
         * @description ETags of which one must be the to-do's, or `*` for any. PUT needs it.
         * @example "1"
         */
        IfMatch: string;
        /**
         * @description ETags that the client has; the answer is 304 when one is still true.
         * @example "1"
         */
        IfNoneMatch: string;
        /**
         * @description `max-age=0` reads past every cache, what was just written included.
         * @example max-age=0
         */
        CacheControl: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description The to-do's version in quotes, a strong validator.
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
    listTodos: {
        parameters: {
            query?: {
                /** @description Most to-dos of the page. */
                limit?: components["parameters"]["Limit"];
                /** @description The previous page's `nextToken`. Good for the same user and the same `status` alone. */
                nextToken?: components["parameters"]["NextToken"];
                /** @description Only to-dos of this status. */
                status?: components["parameters"]["StatusFilter"];
            };
            header?: {
                /**
                 * @description ETags that the client has; the answer is 304 when one is still true.
                 * @example "1"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description `max-age=0` reads past every cache, what was just written included.
                 * @example max-age=0
                 */
                "Cache-Control"?: components["parameters"]["CacheControl"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of to-dos. */
            200: {
                headers: {
                    ETag: components["headers"]["ListETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TodoPage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    createTodo: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes the request safe to repeat for 24 hours; best a fresh UUID. Visible ASCII.
                 * @example 8f14e45f-ceea-467f-a8b5-3b5a2c2f6f10
                 */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TodoInput"];
            };
        };
        responses: {
            /** @description The to-do was added, or had been under the same key. */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    /**
                     * @description The to-do, relative to the URL that was asked for (RFC 9110, section 10.2.2).
                     * @example todos/01890a5d-ac96-774b-bcce-b302099a8057
                     */
                    Location?: string;
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Todo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["StorageFull"];
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
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    getTodo: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETags that the client has; the answer is 304 when one is still true.
                 * @example "1"
                 */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /**
                 * @description `max-age=0` reads past every cache, what was just written included.
                 * @example max-age=0
                 */
                "Cache-Control"?: components["parameters"]["CacheControl"];
            };
            path: {
                /**
                 * @description Id of the to-do. What is no id answers 404.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                id: components["parameters"]["TodoId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The to-do. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Todo"];
                };
            };
            304: components["responses"]["NotModified"];
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
    replaceTodo: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETags of which one must be the to-do's, or `*` for any. PUT needs it.
                 * @example "1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description Id of the to-do. What is no id answers 404.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                id: components["parameters"]["TodoId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TodoInput"];
            };
        };
        responses: {
            /** @description The to-do as it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["CacheControl"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Todo"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["StorageFull"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `If-Match` is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    deleteTodo: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETags of which one must be the to-do's, or `*` for any. PUT needs it.
                 * @example "1"
                 */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                /**
                 * @description Id of the to-do. What is no id answers 404.
                 * @example 01890a5d-ac96-774b-bcce-b302099a8057
                 */
                id: components["parameters"]["TodoId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The to-do is gone. */
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
            412: components["responses"]["PreconditionFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
}
