// Generated from api/storefront/v1.yaml by scripts/generate. Do not edit.
import type { Validate } from "../../../../runtime";

export declare const listProducts: Validate;
export declare const getProduct: Validate;
export declare const listOrders: Validate;
export declare const placeOrder: Validate;
export declare const listOrderHistory: Validate;
export declare const getOrderHistory: Validate;
