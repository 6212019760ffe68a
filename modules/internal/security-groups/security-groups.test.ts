import { type Resource, synthesise, testLabel } from "../synth-test";
import { allowHttps, ClientSecurityGroups } from ".";

const synth = (ports: readonly number[]) =>
  synthesise(
    (stack) =>
      new ClientSecurityGroups(stack, "groups", {
        label: testLabel,
        name: "orders-rds",
        title: "Database orders",
        vpcId: "vpc-1",
        ports,
      }),
  );

const SERVER = expect.stringMatching(/^\$\{aws_security_group\.groups_server_/);
const CLIENTS = expect.stringMatching(/^\$\{aws_security_group\.groups_clients_/);
const rule = ({ description: _, ...rest }: Resource) => rest;

test("server and clients have a group each, named and described", () => {
  expect(synth([5432]).all("aws_security_group")).toEqual([
    {
      name: "acme-test-orders-rds-clients",
      description: "Clients of Database orders",
      vpc_id: "vpc-1",
      tags: { Name: "acme-test-orders-rds-clients" },
    },
    {
      name: "acme-test-orders-rds",
      description: "Database orders",
      vpc_id: "vpc-1",
      tags: { Name: "acme-test-orders-rds" },
    },
  ]);
});

test.each([{ ports: [5432] }, { ports: [6379, 6380] }])(
  "control 37: clients reach the server on $ports, and nothing reaches anything else",
  ({ ports }) => {
    const result = synth(ports);
    expect(result.all("aws_vpc_security_group_ingress_rule").map(rule)).toEqual(
      ports.map((port) => ({
        security_group_id: SERVER,
        referenced_security_group_id: CLIENTS,
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
      })),
    );
    expect(result.all("aws_vpc_security_group_egress_rule").map(rule)).toEqual(
      ports.map((port) => ({
        security_group_id: CLIENTS,
        referenced_security_group_id: SERVER,
        ip_protocol: "tcp",
        from_port: port,
        to_port: port,
      })),
    );
  },
);

test("HTTPS goes where it is let, by IPv4, IPv6 and prefix list, and nothing comes in", () => {
  const result = synthesise((stack) =>
    allowHttps(stack, {
      groupId: "sg-tasks",
      cidrs: ["10.0.0.0/16", "::/0"],
      prefixListIds: ["pl-s3"],
      description: "AWS",
    }),
  );
  const https = { security_group_id: "sg-tasks", ip_protocol: "tcp", from_port: 443, to_port: 443 };
  expect(result.all("aws_vpc_security_group_egress_rule").map(rule)).toEqual([
    { ...https, cidr_ipv4: "10.0.0.0/16" },
    { ...https, cidr_ipv6: "::/0" },
    { ...https, prefix_list_id: "pl-s3" },
  ]);
  expect(result.types).toEqual(["aws_vpc_security_group_egress_rule"]);
});
