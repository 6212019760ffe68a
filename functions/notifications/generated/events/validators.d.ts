// Generated from api/events by scripts/generate. Do not edit.
import type { Validate } from "../../../../runtime";

export declare const fulfilmentFailedV1: Validate;
export declare const fulfilmentShippedV1: Validate;
export declare const orderCancelledV1: Validate;
export declare const orderPlacedV1: Validate;
