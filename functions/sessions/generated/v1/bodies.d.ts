// Generated from api/sessions/v1.yaml by scripts/generate. Do not edit.
import type { Validate } from "../../../../runtime";

export declare const checkSession: Validate;
