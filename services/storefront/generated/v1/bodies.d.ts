// Generated from api/storefront/v1.yaml by scripts/generate. Do not edit.
import type { Validate } from "../../../../runtime";

export declare const placeOrder: Validate;
