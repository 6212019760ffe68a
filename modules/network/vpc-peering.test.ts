import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Fn } from "cdktf";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { VpcPeering, type VpcPeeringConfig } from ".";

const config: VpcPeeringConfig = {
  label: testLabel,
  name: "analytics",
  vpcId: "vpc-ours",
  vpcCidr: "10.0.0.0/16",
  routeTableIds: ["rtb-1", "rtb-2"],
  peerVpcId: "vpc-theirs",
  peerCidr: "10.1.0.0/16",
  peerRouteTableIds: ["rtb-9"],
};

const synth = (changes: Partial<VpcPeeringConfig> = {}) =>
  synthesise((stack) => new VpcPeering(stack, "peering", { ...config, ...changes }));

/** In another account and region. */
const synthElsewhere = () =>
  synthesise((stack) => {
    const peerProvider = new AwsProvider(stack, "theirs", { alias: "theirs", region: "us-west-2" });
    new VpcPeering(stack, "peering", {
      ...config,
      peerAccountId: "222222222222",
      peerRegion: "us-west-2",
      peerProvider,
    });
  });

const routesOf = (routes: Resource[]) =>
  routes.map((route) => [route["route_table_id"], route["destination_cidr_block"]]);
const accepted = expect.stringMatching(
  /^\$\{aws_vpc_peering_connection_accepter\.peering_accepter_\w+\.id\}$/,
);

describe("in one account and region", () => {
  const result = synth();

  test("our VPC asks, and the other accepts", () => {
    const connection = result.one("aws_vpc_peering_connection");
    expect(connection).toMatchObject({ vpc_id: "vpc-ours", peer_vpc_id: "vpc-theirs", auto_accept: false });
    for (const field of ["peer_owner_id", "peer_region"]) expect(connection).not.toHaveProperty(field);
    expect(result.one("aws_vpc_peering_connection_accepter")).toMatchObject({
      vpc_peering_connection_id: expect.stringMatching(/^\$\{aws_vpc_peering_connection\.peering_/),
      auto_accept: true,
    });
  });

  test("both views of the connection have the same tags, or each plan would set the other's", () => {
    const [asked, answered] = ["aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter"].map(
      (type) => result.one(type)["tags"],
    );
    expect(asked).toEqual({ Name: "acme-test-peering-analytics" });
    expect(answered).toEqual(asked);
  });

  test("routes lead both ways, once the connection is accepted", () => {
    const routes = result.all("aws_route");
    expect(routesOf(routes)).toEqual([
      ["rtb-9", "10.0.0.0/16"],
      ["rtb-1", "10.1.0.0/16"],
      ["rtb-2", "10.1.0.0/16"],
    ]);
    for (const route of routes) expect(route["vpc_peering_connection_id"]).toEqual(accepted);
  });

  test("either side resolves the other's names to private addresses", () => {
    const resolved = { allow_remote_vpc_dns_resolution: true };
    expect(result.one("aws_vpc_peering_connection_options", "requester")).toMatchObject({
      vpc_peering_connection_id: accepted,
      requester: resolved,
    });
    expect(result.one("aws_vpc_peering_connection_options", "accepter")).toMatchObject({
      vpc_peering_connection_id: accepted,
      accepter: resolved,
    });
  });

  test("names are left alone where asked for", () => {
    expect(synth({ dnsResolution: false }).types).not.toContain("aws_vpc_peering_connection_options");
  });

  test("control 37: no security group is opened", () => {
    expect(result.types.filter((type) => type.includes("security_group"))).toEqual([]);
  });
});

describe("in another account and region", () => {
  const result = synthElsewhere();

  test("the request names both", () => {
    expect(result.one("aws_vpc_peering_connection")).toMatchObject({
      peer_owner_id: "222222222222",
      peer_region: "us-west-2",
    });
  });

  test("the other side's provider accepts, resolves and routes there, and nothing here", () => {
    const byProvider = (theirs: boolean) =>
      Object.values<Record<string, Resource>>(result.json["resource"])
        .flatMap((resources) => Object.entries(resources))
        .filter(([, { provider }]) => (provider === "aws.theirs") === theirs)
        .map(([id]) => id.replace(/^peering_(.+)_[0-9A-F]{8}$/, "$1"));
    expect(byProvider(true).sort()).toEqual(["accepter", "accepter-options", "peer-route-1"]);
    expect(byProvider(false).sort()).toEqual(["connection", "requester-options", "route-1", "route-2"]);
  });
});

test("with IPv6 ranges, routes lead both ways by IPv6 too", () => {
  const routes = synth({ vpcIpv6Cidr: "2001:db8:1::/56", peerIpv6Cidr: "2001:db8:2::/56" }).all("aws_route");
  const byIpv6 = routes.filter((route) => "destination_ipv6_cidr_block" in route);
  expect(byIpv6.map((route) => [route["route_table_id"], route["destination_ipv6_cidr_block"]])).toEqual([
    ["rtb-9", "2001:db8:1::/56"],
    ["rtb-1", "2001:db8:2::/56"],
    ["rtb-2", "2001:db8:2::/56"],
  ]);
});

test("our VPC is peered with several others", () => {
  const result = synthesise((stack) => {
    for (const [index, name] of ["analytics", "billing", "search"].entries()) {
      new VpcPeering(stack, name, { ...config, name, peerCidr: `10.${index + 1}.0.0/16` });
    }
  });
  expect(result.all("aws_vpc_peering_connection")).toHaveLength(3);
  expect(result.all("aws_route")).toHaveLength(9);
});

test("a range known only at deployment is not checked", () => {
  expect(() => synth({ peerCidr: Fn.cidrsubnet("10.0.0.0/8", 8, 1) })).not.toThrow();
});

describe("refused", () => {
  test.each<{ name: string; changes: Partial<VpcPeeringConfig>; message: string }>([
    {
      name: "ranges that overlap",
      changes: { peerCidr: "10.0.128.0/20" },
      message: 'peerCidr must share no address with vpcCidr 10.0.0.0/16, got "10.0.128.0/20"',
    },
    {
      name: "a range that holds ours",
      changes: { peerCidr: "10.0.0.0/8" },
      message: 'peerCidr must share no address with vpcCidr 10.0.0.0/16, got "10.0.0.0/8"',
    },
    {
      name: "what is no range",
      changes: { peerCidr: "10.1.0.0" },
      message: 'peerCidr must be an IPv4 range such as 10.1.0.0/16, got "10.1.0.0"',
    },
    {
      name: "another account, and another region, without a provider",
      changes: { peerAccountId: "222222222222", peerRegion: "us-west-2" },
      message:
        'peerProvider must be set for peerAccountId "222222222222", as the stack\'s own is of 111111111111\n' +
        'peerProvider must be set for peerRegion "us-west-2", as the stack\'s own is of eu-west-1',
    },
    {
      name: "IPv6 on one side alone",
      changes: { vpcIpv6Cidr: "2001:db8:1::/56" },
      message: "peerIpv6Cidr must be set with vpcIpv6Cidr, got undefined; leave both out for IPv4 alone",
    },
    {
      name: "no route table on either side",
      changes: { routeTableIds: [], peerRouteTableIds: [] },
      message:
        "routeTableIds must hold at least 1 route table, got 0\npeerRouteTableIds must hold at least 1 route table, got 0",
    },
    {
      name: "a list of route tables known only at deployment",
      changes: { peerRouteTableIds: Fn.split(",", "rtb-8,rtb-9") },
      message:
        "peerRouteTableIds must be a list whose length is known before deployment, got a reference to a list",
    },
  ])("$name", ({ changes, message }) => {
    expect(() => synth(changes)).toThrow(new Error(message));
  });
});
