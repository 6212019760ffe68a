// Generated from api/sessions/v1.yaml by scripts/generate. Do not edit.
import type { Validate } from "../../../../runtime";

export declare const createSession: Validate;
export declare const revokeSessions: Validate;
export declare const getSession: Validate;
export declare const revokeSession: Validate;
export declare const refreshSession: Validate;
export declare const checkSession: Validate;
