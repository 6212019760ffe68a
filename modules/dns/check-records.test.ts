import { Fn } from "cdktf";
import { synthesise } from "../internal/synth-test";
import { type AliasRecord, DnsRecords, type ValueRecord } from ".";

const alias: AliasRecord = { name: "api.example.com", aliasDnsName: "lb.amazonaws.com", aliasZoneId: "Z2" };
const address: ValueRecord = { name: "api.example.com", type: "A", values: ["192.0.2.1"] };

const synth = (aliases: readonly AliasRecord[], records: readonly ValueRecord[], zoneName = "example.com") =>
  synthesise((stack) => new DnsRecords(stack, "records", { zoneId: "Z1", zoneName, aliases, records }));

describe("taken", () => {
  test.each<{ name: string; aliases?: AliasRecord[]; records?: ValueRecord[] }>([
    { name: "the zone's own name", aliases: [{ ...alias, name: "example.com" }] },
    { name: "every name below another", aliases: [{ ...alias, name: "*.example.com" }] },
    { name: "names with underscores", records: [{ ...address, name: "_sip._tcp.example.com" }] },
    { name: "one name of two types", records: [address, { ...address, type: "AAAA", values: ["::1"] }] },
    {
      name: "the largest and the smallest weight",
      records: [
        { ...address, setId: "a", weight: 255 },
        { ...address, setId: "b", weight: 0 },
      ],
    },
    {
      name: "a primary by what its alias tells",
      aliases: [
        { ...alias, setId: "a", failover: "primary" },
        { ...alias, setId: "b", failover: "secondary" },
      ],
    },
  ])("$name", ({ aliases = [], records = [] }) => {
    expect(() => synth(aliases, records)).not.toThrow();
  });
});

describe("refused", () => {
  test.each<{ name: string; aliases?: AliasRecord[]; records?: ValueRecord[]; message: string }>([
    {
      name: "a name of another zone",
      records: [{ ...address, name: "api.example.org" }],
      message: 'records[0].name must be example.com or below it, got "api.example.org"',
    },
    {
      name: "a name that only ends alike",
      records: [{ ...address, name: "myexample.com" }],
      message: 'records[0].name must be example.com or below it, got "myexample.com"',
    },
    {
      name: "a name that is none",
      aliases: [{ ...alias, name: "api..example.com" }],
      message:
        'aliases[0].name must be a domain name in lower case such as api.example.com, got "api..example.com"',
    },
    {
      name: "a name known only at deployment",
      records: [{ ...address, name: Fn.lower("API.example.com") }],
      message: "records[0].name must be known before deployment, got a reference",
    },
    {
      name: "no value, and a TTL below none",
      records: [{ ...address, values: [], ttlSeconds: -1 }],
      message:
        "records[0].values must hold at least 1 value, got 0\n" +
        "records[0].ttlSeconds must be a whole number from 0 to 2147483647, got -1",
    },
    {
      name: "a CNAME of two values",
      records: [{ name: "www.example.com", type: "CNAME", values: ["a.example.com", "b.example.com"] }],
      message: "records[0].values must hold 1 value, as it is a CNAME, got 2",
    },
    {
      name: "a CNAME of the zone's own name",
      records: [{ name: "example.com", type: "CNAME", values: ["a.example.org"] }],
      message: "records[0] must not be a CNAME, as it is the zone's own name example.com; use an alias",
    },
    {
      name: "a CNAME beside an alias",
      aliases: [alias],
      records: [{ name: "api.example.com", type: "CNAME", values: ["a.example.org"] }],
      message: "records[0]: a CNAME must be all that api.example.com has, got aliases[0] beside it",
    },
    {
      name: "a name and type twice",
      aliases: [alias],
      records: [address],
      message:
        "api.example.com, type A: comes twice, in aliases[0], records[0]; give both weight or failover, or remove one",
    },
    {
      name: "a weight out of range",
      records: [{ ...address, setId: "a", weight: 256 }],
      message: "records[0].weight must be a whole number from 0 to 255, got 256",
    },
    {
      name: "weight and failover in one record",
      records: [{ ...address, setId: "a", weight: 1, failover: "secondary" }],
      message: "records[0] must have weight or failover, got both; one name has one kind of routing",
    },
    {
      name: "weight beside failover",
      records: [
        { ...address, setId: "a", weight: 1 },
        { ...address, setId: "b", failover: "secondary" },
      ],
      message:
        "api.example.com, type A: one kind of routing must be that of all its records, got weight and failover",
    },
    {
      name: "weight beside none",
      records: [{ ...address, setId: "a", weight: 1 }, address],
      message:
        "api.example.com, type A: one kind of routing must be that of all its records, got weight and none",
    },
    {
      name: "weight without a setId",
      records: [{ ...address, weight: 1 }],
      message: "records[0].setId must be set with weight, got undefined",
    },
    {
      name: "an empty setId",
      records: [{ ...address, setId: "", weight: 1 }],
      message: "records[0].setId must have 1 to 128 characters, got 0",
    },
    {
      name: "a setId without routing",
      records: [{ ...address, setId: "a" }],
      message: 'records[0].setId is for a record with weight or failover; leave it out, got "a"',
    },
    {
      name: "a setId twice",
      records: [
        { ...address, setId: "a", weight: 1 },
        { ...address, setId: "a", weight: 2 },
      ],
      message: 'api.example.com, type A: setId "a" comes twice; rename one',
    },
    {
      name: "a primary that is always well",
      records: [
        { ...address, setId: "a", failover: "primary" },
        { ...address, setId: "b", failover: "secondary" },
      ],
      message:
        "records[0].healthCheckId must be set for the primary of a failover, or nothing would ever fail over, got undefined",
    },
    {
      name: "a primary whose alias tells nothing",
      aliases: [
        { ...alias, setId: "a", failover: "primary", evaluateTargetHealth: false },
        { ...alias, setId: "b", failover: "secondary" },
      ],
      message:
        "aliases[0].healthCheckId must be set for the primary of a failover, or nothing would ever fail over, got undefined",
    },
    {
      name: "a failover to nothing",
      records: [{ ...address, setId: "a", failover: "primary", healthCheckId: "check-1" }],
      message: "api.example.com, type A: failover must have 1 secondary, got 0",
    },
    {
      name: "two primaries",
      records: ["a", "b"].map((setId) => ({
        ...address,
        setId,
        failover: "primary" as const,
        healthCheckId: "check-1",
      })),
      message: "api.example.com, type A: failover must have 1 primary, got 2",
    },
  ])("$name", ({ aliases = [], records = [], message }) => {
    expect(() => synth(aliases, records)).toThrow(new Error(message));
  });

  test("a zone that is no domain", () => {
    expect(() => synth([], [], "example")).toThrow(
      new Error('zoneName must be a domain name in lower case such as api.example.com, got "example"'),
    );
  });
});
