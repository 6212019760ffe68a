/**
 * API Gateway's right to write logs. A fresh account has none, and every stage that asks for access logs is then refused.
 * There is one such setting per account and region: one stack owns it for all environments that live there.
 *
 * @module
 */
export { ApiGatewayLogging, type ApiGatewayLoggingConfig } from "./api-gateway-logging";
