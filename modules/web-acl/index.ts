/**
 * A web application firewall: AWS's managed rules against known attacks, a limit of requests per address but for those of own callers,
 * its blocks logged without credentials, an alarm when it blocks much.
 *
 * @module
 */
export { WebAcl, type WebAclConfig } from "./web-acl";
