// Generated from api/catalog/v1.yaml by scripts/generate. Do not edit.
import type { Validate } from "../../../../runtime";

export declare const listProducts: Validate;
export declare const getProduct: Validate;
export declare const putProduct: Validate;
