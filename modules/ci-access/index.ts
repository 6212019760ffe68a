/**
 * What GitHub's pipelines may do in the account: a role that plans and reads no data, for pull requests and the branch; a role that
 * deploys, for one environment at GitHub and the branch alone. Neither has a key that could leak: GitHub signs who runs, AWS checks it.
 *
 * Their rights come from `resource-types/`, a table with an entry for each type of resource that the modules make. A role that a
 * deployment makes is bounded by a policy of this module's, so that a deployment cannot give more than it may.
 *
 * @module
 */
export { CiAccess, type CiAccessConfig } from "./ci-access";
export { type Protected, workloadBoundaryArn } from "./escalation";
