/**
 * An API Gateway REST API made from an OpenAPI document: resources, methods, integrations, models, validators, authorizer,
 * gateway responses, stage. Constructs rather than an imported `body`, so that what is tested locally is what is deployed.
 *
 * @module
 */
export { ApiDomain, type ApiDomainConfig } from "./api-domain";
export { type Contract, loadContract, loadContracts, type Operation } from "./contract";
export { deprecationHeaders } from "./deprecation";
export { RestApi, type RestApiConfig } from "./rest-api";
export type { Throttle } from "./stage";
