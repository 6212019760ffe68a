/**
 * IAM statements as data, and roles made of them. Documents are plain JSON, so that tests can read and simulate exactly
 * what is deployed.
 *
 * @module
 */
export { type PolicyStatement, policyDocument, type TrustStatement, trustDocument } from "./policy";
export { Role, type RoleConfig } from "./role";
