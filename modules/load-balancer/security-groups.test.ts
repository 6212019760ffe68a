import { Fn, Token } from "cdktf";
import type { Resource } from "../internal/synth-test";
import { config, internalConfig, synth } from "./fixture";

const LOAD_BALANCER = expect.stringMatching(/^\$\{aws_security_group\.lb_security-groups_load-balancer_/);
const CLIENTS = expect.stringMatching(/^\$\{aws_security_group\.lb_security-groups_clients_/);
const https = { ip_protocol: "tcp", from_port: 443, to_port: 443 };
const http = { ip_protocol: "tcp", from_port: 80, to_port: 80 };

const rule = ({ description: _, ...rest }: Resource) => rest;
const ingress = (...args: Parameters<typeof synth>) =>
  synth(...args)
    .all("aws_vpc_security_group_ingress_rule")
    .map(rule);
const egress = (...args: Parameters<typeof synth>) =>
  synth(...args)
    .all("aws_vpc_security_group_egress_rule")
    .map(rule);

test("control 37: a public one lets in the ranges given, on its ports alone", () => {
  expect(ingress({ ingressCidrs: ["192.0.2.0/24", "2001:db8::/32"], ipv6: true })).toEqual([
    { ...http, security_group_id: LOAD_BALANCER, cidr_ipv4: "192.0.2.0/24" },
    { ...https, security_group_id: LOAD_BALANCER, cidr_ipv4: "192.0.2.0/24" },
    { ...http, security_group_id: LOAD_BALANCER, cidr_ipv6: "2001:db8::/32" },
    { ...https, security_group_id: LOAD_BALANCER, cidr_ipv6: "2001:db8::/32" },
  ]);
});

test("control 37: an internal one lets in its clients alone, and these reach nothing else by their group", () => {
  expect(ingress({}, internalConfig)).toEqual([
    { ...https, security_group_id: LOAD_BALANCER, referenced_security_group_id: CLIENTS },
  ]);
  expect(egress({}, internalConfig)).toEqual([
    { ...https, security_group_id: CLIENTS, referenced_security_group_id: LOAD_BALANCER },
  ]);
});

test("control 37: it reaches nothing before a service is behind it", () => {
  expect(egress()).toEqual([]);
});

test("prefix lists and security groups are let in on the listener's port", () => {
  const changes = { ingressCidrs: [], ingressPrefixListIds: ["pl-1"], ingressSecurityGroupIds: ["sg-1"] };
  expect(ingress(changes)).toEqual([
    { ...https, security_group_id: LOAD_BALANCER, referenced_security_group_id: "sg-1" },
    { ...https, security_group_id: LOAD_BALANCER, prefix_list_id: "pl-1" },
  ]);
});

test("removing a range leaves the ids of the others", () => {
  const ids = (ingressCidrs: string[]) =>
    Object.keys(synth({ ingressCidrs }).json["resource"]["aws_vpc_security_group_ingress_rule"]);
  expect(ids(["192.0.2.0/24", "198.51.100.0/24"])).toEqual(expect.arrayContaining(ids(["198.51.100.0/24"])));
});

test("a range known only at deployment is taken for IPv4", () => {
  const range = Token.asString(Fn.lookup({ range: "10.0.0.0/16" }, "range"));
  expect(ingress({ ingressCidrs: [range] })[0]).toMatchObject({
    cidr_ipv4: expect.stringMatching(/^\$\{.+\.range\}$/),
  });
});

test("the load balancer is in its own group", () => {
  expect(synth({}, config).one("aws_lb")["security_groups"]).toEqual([LOAD_BALANCER]);
});
