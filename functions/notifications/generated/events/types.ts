// Generated from api/events by scripts/generate. Do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Fulfilment failed
         * @description An order cannot be fulfilled. What had been reserved and charged is given back.
         */
        readonly FulfilmentFailedV1: {
            /** @description Whose order it is: the subject of the user's token. */
            readonly principal: string;
            /**
             * Format: uuid
             * @description Id of the order, the event's subject.
             */
            readonly orderId: string;
            /**
             * @description Not enough in stock; the user's credit does not allow it; approval was refused, or did not come in time; the order was cancelled meanwhile; or a fault.
             * @enum {string}
             */
            readonly reason: "outOfStock" | "paymentDeclined" | "rejected" | "approvalTimedOut" | "cancelled" | "error";
            /** Format: date-time */
            readonly failedAt: string;
        };
        /**
         * Fulfilment shipped
         * @description An order is on its way.
         */
        readonly FulfilmentShippedV1: {
            /** @description Whose order it is: the subject of the user's token. */
            readonly principal: string;
            /**
             * Format: uuid
             * @description Id of the order, the event's subject.
             */
            readonly orderId: string;
            /** @description Id of the shipment. */
            readonly shipmentId: string;
            /** Format: date-time */
            readonly shippedAt: string;
        };
        /**
         * Order cancelled
         * @description An order was cancelled. The event holds the whole order as it is now, so that no reader has to ask for more.
         */
        readonly OrderCancelledV1: {
            /** @description Whose order it is: the subject of the user's token. */
            readonly principal: string;
            /** @description An order, as the Orders API answers it: api/orders/v1.yaml. */
            readonly order: {
                /**
                 * Format: uuid
                 * @description UUID of version 7.
                 */
                readonly id: string;
                /** @enum {string} */
                readonly status: "placed" | "cancelled";
                readonly items: readonly {
                    /** @description Id of a product of the catalog. */
                    readonly productId: string;
                    readonly name: string;
                    readonly quantity: number;
                    /** @description Whole number of the currency's smallest unit. */
                    readonly unitPriceCents: number;
                }[];
                /** @description Whole number of the currency's smallest unit. */
                readonly totalCents: number;
                /** @description ISO 4217. */
                readonly currency: string;
                /** @description Counts the changes; the event's sequence. */
                readonly version: number;
                /** Format: date-time */
                readonly placedAt: string;
                /** Format: date-time */
                readonly cancelledAt: string | null;
            };
            /**
             * @description Its user wanted it, or it could not be fulfilled.
             * @enum {string}
             */
            readonly reason: "user" | "fulfilmentFailed";
        };
        /**
         * Order placed
         * @description An order was placed. The event holds the whole order, so that no reader has to ask for more.
         */
        readonly OrderPlacedV1: {
            /** @description Whose order it is: the subject of the user's token. */
            readonly principal: string;
            /** @description An order, as the Orders API answers it: api/orders/v1.yaml. */
            readonly order: {
                /**
                 * Format: uuid
                 * @description UUID of version 7.
                 */
                readonly id: string;
                /** @enum {string} */
                readonly status: "placed" | "cancelled";
                readonly items: readonly {
                    /** @description Id of a product of the catalog. */
                    readonly productId: string;
                    readonly name: string;
                    readonly quantity: number;
                    /** @description Whole number of the currency's smallest unit. */
                    readonly unitPriceCents: number;
                }[];
                /** @description Whole number of the currency's smallest unit. */
                readonly totalCents: number;
                /** @description ISO 4217. */
                readonly currency: string;
                /** @description Counts the changes; the event's sequence. */
                readonly version: number;
                /** Format: date-time */
                readonly placedAt: string;
                /** Format: date-time */
                readonly cancelledAt: string | null;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type FulfilmentFailedV1 = components['schemas']['FulfilmentFailedV1'];
export type FulfilmentShippedV1 = components['schemas']['FulfilmentShippedV1'];
export type OrderCancelledV1 = components['schemas']['OrderCancelledV1'];
export type OrderPlacedV1 = components['schemas']['OrderPlacedV1'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
