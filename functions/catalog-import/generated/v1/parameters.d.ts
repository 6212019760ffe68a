// Generated from api/catalog/v1.yaml by scripts/generate. Do not edit.
import type { Validate } from "../../../../runtime";

export declare const putProduct: Validate;
