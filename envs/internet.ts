import type { Network } from "../modules/network";

/** Every address, by IPv4 and where the VPC has it by IPv6. */
export function everywhere({ vpcIpv6Cidr }: Pick<Network, "vpcIpv6Cidr">): string[] {
  return ["0.0.0.0/0", ...(vpcIpv6Cidr === undefined ? [] : ["::/0"])];
}
