import type { Rule } from "../item";
import { HOURS } from "./charge";

/** What a network is charged for. */
export const NETWORK_RULES: Readonly<Record<string, readonly Rule[]>> = {
  aws_nat_gateway: [
    () => [
      { what: "NAT gateway, hours", basis: "fixed", service: "vpc", item: "nat-gateway", quantity: HOURS },
    ],
    (nat) => [
      {
        what: "NAT gateway, data",
        basis: "usage",
        service: "vpc",
        item: "nat-gateway-data",
        quantity: nat.shared(nat.usage("processedGigabytes")),
      },
    ],
  ],
};
