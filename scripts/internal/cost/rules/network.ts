import type { Item, Rules } from "../item";
import { fixed, HOURS, KILOBYTES_PER_GIGABYTE, SECONDS, usage } from "./charge";

/**
 * Networks: https://aws.amazon.com/vpc/pricing/. Load balancers: https://aws.amazon.com/elasticloadbalancing/pricing/. Data between zones
 * is not part of it.
 */
export const NETWORK_RULES: Rules = {
  aws_nat_gateway: [
    () => [fixed("NAT gateway, hours", "vpc", "nat-gateway", HOURS)],
    (nat) => [
      usage("NAT gateway, data", "vpc", "nat-gateway-data", nat.shared(nat.usage("processedGigabytes"))),
    ],
  ],
  aws_eip: [() => [fixed("public IPv4 address, hours", "vpc", "public-ipv4-address", HOURS)]],
  aws_vpc_endpoint: [
    (endpoint) =>
      isInterface(endpoint)
        ? [fixed("interface endpoint, hours", "vpc", "interface-endpoint", HOURS * subnets(endpoint))]
        : [],
    (endpoint) =>
      isInterface(endpoint)
        ? [
            usage(
              "interface endpoint, data",
              "vpc",
              "interface-endpoint-data",
              endpoint.shared(endpoint.usage("processedGigabytes"), isInterface),
            ),
          ]
        : [],
  ],
  aws_lb: [
    (balancer) => [fixed(`${kindOf(balancer)}, hours`, "elastic-load-balancing", itemOf(balancer), HOURS)],
    (balancer) =>
      balancer.isTrue("internal") || balancer.text("ip_address_type") === "dualstack-without-public-ipv4"
        ? []
        : [fixed("public IPv4 addresses, hours", "vpc", "public-ipv4-address", HOURS * subnets(balancer))],
    capacityUnits,
    (balancer) =>
      balancer.isTrue("internal")
        ? []
        : [usage("data to the internet", "ec2", "transfer-out", gigabytes(balancer))],
  ],
};

function isInterface(endpoint: Item): boolean {
  return endpoint.text("vpc_endpoint_type") === "Interface";
}

/** Each subnet is in a zone of its own. */
function subnets(item: Item): number {
  const listed = ["subnets", "subnet_ids"].map((name) => item.value(name)).find(Array.isArray);
  return listed?.length ?? item.blocks("subnet_mapping").length;
}

function kindOf(balancer: Item): string {
  return itemOf(balancer).replaceAll("-", " ");
}

function itemOf(balancer: Item): string {
  return `${balancer.text("load_balancer_type") ?? "application"}-load-balancer`;
}

function gigabytes(item: Item): number {
  return (item.usage("requests") * item.usage("responseKilobytes")) / KILOBYTES_PER_GIGABYTE;
}

/**
 * A unit is for 1 GB in an hour or, of applications, 25 new connections in a second: the greater counts. Every request is taken for a new
 * connection, and the month for even: keep-alive makes it less, peaks make it more.
 */
function capacityUnits(balancer: Item) {
  const perHour = gigabytes(balancer) / HOURS;
  const connections = balancer.usage("requests") / SECONDS;
  const isApplication = itemOf(balancer) === "application-load-balancer";
  const units = Math.max(perHour, connections / (isApplication ? 25 : 800));
  const item = isApplication ? "lcu" : `${itemOf(balancer)}-lcu`;
  return [usage("capacity units", "elastic-load-balancing", item, units * HOURS)];
}
