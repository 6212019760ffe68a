/**
 * Sessions of signed-in users: the REST API of functions/sessions, which keeps them in Valkey or Redis. Users call it with their ID tokens;
 * services check sessions by requests that IAM authorises. The function runs in the VPC, where the cache is.
 *
 * @module
 */
export { ApiDomain, type ApiDomainConfig } from "../internal/rest-api";
export { SESSION_CACHE_ACCESS } from "./cache-access";
export type { SessionApiConfig } from "./config";
export { SessionApi } from "./session-api";
