/**
 * Places on the listener of a load balancer: which requests go to a service. A load balancer gives them out, so that no two services
 * have the same place; a service takes them, and makes the rule once it has somewhere to send the requests.
 *
 * @module
 */
export { ListenerRule, type ListenerRuleConfig } from "./listener-rule";
export { type ListenerTarget, type RequestMatch, ruleConditions } from "./request-match";
