import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { Network, type NetworkConfig } from ".";

function synth(changes: Partial<NetworkConfig> = {}) {
  let network: Network | undefined;
  const result = synthesise((stack) => {
    network = new Network(stack, "network", {
      label: testLabel,
      cidr: "10.0.0.0/16",
      availabilityZones: ["eu-west-1a", "eu-west-1b"],
      nat: "single",
      interfaceEndpoints: [],
      flowLogRetentionDays: 90,
      kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/telemetry",
      ipAddressType: "dualstack",
      ...changes,
    });
  });
  return { ...result, network: network as Network };
}

const { network, ...dual } = synth();

/** Subnets of a tier: the number of each one's /64 within the VPC's /56, and whether hosts get an address by themselves. */
const ranges = (tier: string) =>
  Object.entries<Resource>(dual.json["resource"]["aws_subnet"])
    .filter(([id]) => id.includes(`_${tier}_`))
    .map(([, subnet]) => [
      /^\$\{cidrsubnet\(aws_vpc\.network_vpc_\w+\.ipv6_cidr_block, 8, (\d+)\)\}$/.exec(
        subnet["ipv6_cidr_block"],
      )?.[1],
      subnet["assign_ipv6_address_on_creation"],
    ]);

const routes = dual.all("aws_route").filter((route) => route["destination_ipv6_cidr_block"] === "::/0");

test("the VPC gets a range of Amazon's, and tells it", () => {
  expect(dual.one("aws_vpc")["assign_generated_ipv6_cidr_block"]).toBe(true);
  expect(network.vpcIpv6Cidr).toBeDefined();
});

test("every subnet has a /64 of its own: its tier and its zone are the last digits", () => {
  expect(ranges("public").map(([number]) => number)).toEqual(["0", "1"]);
  expect(ranges("private").map(([number]) => number)).toEqual(["16", "17"]);
  expect(ranges("isolated").map(([number]) => number)).toEqual(["32", "33"]);
});

test("a host gets an address by itself only where nothing can reach it from the internet", () => {
  const assigned = (tier: string) => ranges(tier).map(([, assign]) => assign);
  expect(assigned("public")).toEqual([false, false]);
  expect(assigned("private")).toEqual([true, true]);
  expect(assigned("isolated")).toEqual([true, true]);
});

test("control 37: private subnets leave by a gateway that lets nothing in", () => {
  const out = routes.filter((route) => "egress_only_gateway_id" in route);
  expect(out.map(({ route_table_id }) => route_table_id)).toEqual([
    expect.stringContaining("network_internet_private_routes-1"),
    expect.stringContaining("network_internet_private_routes-2"),
  ]);
  expect(dual.all("aws_egress_only_internet_gateway")).toHaveLength(1);
});

test("control 37: only the public route table leads to the internet gateway, and none of an isolated subnet anywhere", () => {
  const open = routes.filter((route) => "gateway_id" in route);
  expect(open.map(({ route_table_id }) => route_table_id)).toEqual([
    expect.stringContaining("network_internet_public_routes-1"),
  ]);
  expect(routes).toHaveLength(3);
});

test("without NAT there are addresses and no way out", () => {
  const closed = synth({ nat: "none" });
  expect(closed.all("aws_subnet").every((subnet) => "ipv6_cidr_block" in subnet)).toBe(true);
  for (const type of ["aws_route", "aws_egress_only_internet_gateway"]) {
    expect(closed.types).not.toContain(type);
  }
});

test("unless asked for there is no IPv6", () => {
  const result = synth({ ipAddressType: "ipv4" });
  expect(result.network.vpcIpv6Cidr).toBeUndefined();
  expect(result.one("aws_vpc")).not.toHaveProperty("assign_generated_ipv6_cidr_block");
  expect(result.all("aws_subnet").some((subnet) => "ipv6_cidr_block" in subnet)).toBe(false);
  expect(result.all("aws_route").some((route) => "destination_ipv6_cidr_block" in route)).toBe(false);
});
