import { synthesise, testLabel } from "../internal/synth-test";
import { type AliasRecord, DnsRecords, PublicZone, type ValueRecord } from ".";

const balancer = { aliasDnsName: "lb.eu-west-1.elb.amazonaws.com", aliasZoneId: "Z32O12XQLNTSW2" };

const synth = (records: { aliases?: readonly AliasRecord[]; records?: readonly ValueRecord[] }) =>
  synthesise(
    (stack) => new DnsRecords(stack, "records", { zoneId: "Z1", zoneName: "example.com", ...records }),
  );

/** The one record that a value record becomes. */
const recordOf = (record: ValueRecord) => synth({ records: [record] }).one("aws_route53_record");

describe("alias", () => {
  test("leads by IPv4 and IPv6, and is well when what it leads to is", () => {
    const records = synth({ aliases: [{ name: "api.example.com", ...balancer }] }).all("aws_route53_record");
    expect(records.map(({ type }) => type)).toEqual(["A", "AAAA"]);
    for (const record of records) {
      expect(record).toMatchObject({
        zone_id: "Z1",
        name: "api.example.com",
        alias: {
          name: balancer.aliasDnsName,
          zone_id: balancer.aliasZoneId,
          evaluate_target_health: true,
        },
      });
      expect(record).not.toHaveProperty("ttl");
    }
  });

  test("of what tells nothing of its health is well", () => {
    const { alias } = synth({
      aliases: [{ name: "example.com", ...balancer, evaluateTargetHealth: false }],
    }).one("aws_route53_record", "_A-");
    expect(alias["evaluate_target_health"]).toBe(false);
  });
});

describe("values", () => {
  test("are kept five minutes unless said otherwise", () => {
    const record: ValueRecord = { name: "www.example.com", type: "CNAME", values: ["example.com"] };
    expect(recordOf(record)).toMatchObject({
      name: "www.example.com",
      type: "CNAME",
      records: ["example.com"],
      ttl: 300,
    });
    expect(recordOf({ ...record, ttlSeconds: 60 })["ttl"]).toBe(60);
  });

  test.each([
    { name: "a short text", text: "v=spf1 -all", value: "v=spf1 -all" },
    {
      name: "a text over 255 characters, in parts",
      text: "a".repeat(300),
      value: `${"a".repeat(255)}""${"a".repeat(45)}`,
    },
    { name: "quotes and backslashes, escaped", text: 'a "b" \\', value: 'a \\"b\\" \\\\' },
    {
      name: "a macro of SPF's, which Terraform would take for its own",
      text: "exists:%{i}.x",
      value: "exists:%%{i}.x",
    },
  ])("TXT: $name", ({ text, value }) => {
    expect(recordOf({ name: "example.com", type: "TXT", values: [text] })["records"]).toEqual([value]);
  });

  test("another zone is delegated to by its name servers, which are known only at deployment", () => {
    const result = synthesise((stack) => {
      const child = new PublicZone(stack, "child", {
        label: testLabel,
        domainName: "dev.example.com",
        deletionProtection: true,
      });
      const records: ValueRecord[] = [{ name: child.domainName, type: "NS", values: child.nameServers }];
      new DnsRecords(stack, "records", { zoneId: "Z1", zoneName: "example.com", records });
    });
    expect(result.one("aws_route53_record")["records"]).toMatch(
      /^\$\{aws_route53_zone\.child_zone_\w+\.name_servers\}$/,
    );
  });
});

test("weighted records share a name", () => {
  const shared = { name: "api.example.com", type: "A" } as const;
  const result = synth({
    records: [
      { ...shared, values: ["192.0.2.1"], setId: "blue", weight: 90, healthCheckId: "check-1" },
      { ...shared, values: ["192.0.2.2"], setId: "green", weight: 0 },
    ],
  });
  expect(result.one("aws_route53_record", "-blue")).toMatchObject({
    set_identifier: "blue",
    weighted_routing_policy: { weight: 90 },
    health_check_id: "check-1",
  });
  expect(result.one("aws_route53_record", "-green")["weighted_routing_policy"]).toEqual({ weight: 0 });
});

test("the secondary of a failover answers for the primary, by IPv4 and IPv6", () => {
  const aliases: AliasRecord[] = [
    { name: "api.example.com", ...balancer, setId: "eu", failover: "primary", healthCheckId: "check-1" },
    { name: "api.example.com", ...balancer, setId: "us", failover: "secondary" },
  ];
  const result = synth({ aliases });
  for (const type of ["A", "AAAA"]) {
    expect(result.one("aws_route53_record", `_${type}-apiexamplecom-eu_`)).toMatchObject({
      set_identifier: "eu",
      failover_routing_policy: { type: "PRIMARY" },
      health_check_id: "check-1",
    });
    expect(result.one("aws_route53_record", `_${type}-apiexamplecom-us_`)).toMatchObject({
      failover_routing_policy: { type: "SECONDARY" },
    });
  }
});

test("a record that goes leaves the others", () => {
  const record = (name: string): ValueRecord => ({ name, type: "A", values: ["192.0.2.1"] });
  const ids = (...names: string[]) =>
    Object.keys(synth({ records: names.map(record) }).json["resource"]["aws_route53_record"]);
  expect(ids("a.example.com", "b.example.com")).toContain(ids("b.example.com")[0]);
});
