/**
 * Security groups of something that is reached inside a VPC: one for it, one for its clients to wear, and the rules between them.
 * Neither reaches anything else, and no address range may come in.
 *
 * @module
 */
export {
  allowHttps,
  allowTraffic,
  ClientSecurityGroups,
  type ClientSecurityGroupsConfig,
  type HttpsConfig,
  isIpv6,
  type TrafficConfig,
} from "./security-groups";
