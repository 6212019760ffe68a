import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type RunOptions, run } from "./run";

const root = resolve(__dirname, "../../..");
const OPTIONS: RunOptions = { format: "text", lines: false, freeTier: false, json: false };

function golden(environment: string): string {
  return join(root, "envs/testdata", `envs-${environment}.json`);
}

function costOf(environment: string, options: Partial<RunOptions> = {}): string {
  return run(root, [`envs/${environment}`], { ...OPTIONS, stack: golden(environment), ...options });
}

let folder: string;
let small: string;

/** A stack of a NAT gateway, and a cache whose price is not known. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cost-"));
  small = join(folder, "cdk.tf.json");
  const block = (path: string, values = {}) => ({
    "//": { metadata: { path: `envs/small/${path}` } },
    ...values,
  });
  writeFileSync(
    small,
    JSON.stringify({
      "//": { assumedTraffic: { parts: { network: { processedGigabytes: 100 } }, viewersIn: "europe" } },
      provider: { aws: [{ region: "eu-west-1" }] },
      resource: {
        aws_nat_gateway: { nat: block("network/nat") },
        aws_dax_cluster: {
          cache: block("todo-cache/cluster", { node_type: "dax.r5.large", replication_factor: 3 }),
        },
      },
    }),
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

function costOfSmall(options: Partial<RunOptions> = {}): string {
  return run(root, ["envs/small"], { ...OPTIONS, stack: small, ...options });
}

test("a table by module, what is not part of it below", () => {
  expect(costOfSmall()).toBe(
    [
      "envs/small costs at least 39.84 USD a month; its oldest price is of 2025-10-28.",
      "",
      "module      fixed  usage  USD a month  not priced",
      "network     35.04   4.80        39.84",
      "todo-cache   0.00   0.00         0.00           1",
      "all         35.04   4.80        39.84           1",
      "",
      "Not part of the sum:",
      "",
      "  1 × aws_dax_cluster: no source gave a price of dax dax.r5.large in eu-west-1",
    ].join("\n"),
  );
});

test("the same in Markdown", () => {
  expect(costOfSmall({ format: "markdown" })).toBe(
    [
      "### Cost of `envs/small`",
      "",
      "It costs at least 39.84 USD a month; its oldest price is of 2025-10-28.",
      "",
      "| module | fixed | usage | USD a month | not priced |",
      "| --- | --: | --: | --: | --: |",
      "| network | 35.04 | 4.80 | 39.84 |  |",
      "| todo-cache | 0.00 | 0.00 | 0.00 | 1 |",
      "| all | 35.04 | 4.80 | 39.84 | 1 |",
      "",
      "Not part of the sum:",
      "",
      "- 1 × aws_dax_cluster: no source gave a price of dax dax.r5.large in eu-west-1",
    ].join("\n"),
  );
});

test("every line, the dearest first, with the date of its price", () => {
  expect(costOfSmall({ lines: true })).toContain(
    [
      "module   what                quantity  unit  USD a month  price of",
      "network  NAT gateway, hours       730  hour        35.04  2025-10-28",
      "network  NAT gateway, data        100  GB           4.80  2025-10-28",
    ].join("\n"),
  );
});

test("as JSON, with the source of each price", () => {
  const { version, environments } = JSON.parse(costOfSmall({ json: true }));
  expect({ version, environments }).toMatchObject({
    version: 1,
    environments: [
      {
        environment: "envs/small",
        currency: "USD",
        pricesOf: "2025-10-28",
        monthly: 39.84,
        fixed: 35.04,
        modules: [{ module: "network", monthly: 39.84, fixed: 35.04 }],
        unpriced: [
          { type: "aws_dax_cluster", addresses: ["aws_dax_cluster.cache"], modules: ["todo-cache"] },
        ],
      },
    ],
  });
  expect(environments[0].modules[0].lines[0]).toEqual({
    address: "aws_nat_gateway.nat",
    type: "aws_nat_gateway",
    what: "NAT gateway, data",
    basis: "usage",
    quantity: 100,
    unit: "GB",
    monthly: 4.8,
    source: expect.stringMatching(/^https:/),
    date: "2025-10-28",
  });
});

test("nothing that a price is known of costs nothing known", () => {
  const empty = join(folder, "empty.json");
  writeFileSync(empty, JSON.stringify({ provider: { aws: [{ region: "eu-west-1" }] } }));
  expect(run(root, ["envs/empty"], { ...OPTIONS, stack: empty })).toContain(
    "envs/empty costs nothing that a price is known of.",
  );
});

describe.each(["local", "dev", "staging", "prod"])("envs/%s", (environment) => {
  const [cost] = JSON.parse(costOf(environment, { json: true })).environments;

  test("is priced, and traffic is assumed of everything that costs by it", () => {
    expect(cost.monthly).toBeGreaterThan(100);
    const reasons: string[] = cost.unpriced.map(({ why }: { why: string }) => why);
    expect(reasons.filter((why) => /nothing is assumed of its traffic|knows no such type/.test(why))).toEqual(
      [],
    );
  });

  test("can be shown", () => {
    expect(costOf(environment)).toContain(`\nall `);
    expect(costOf(environment, { format: "markdown", lines: true })).toContain("| all |");
  });
});

test("what is free each month is taken off when asked for", () => {
  const amountOf = (freeTier: boolean) =>
    JSON.parse(costOf("prod", { json: true, freeTier })).environments[0].monthly;
  expect(amountOf(true)).toBeLessThan(amountOf(false));
});

describe("wrong use is named", () => {
  test("a file for two environments", () => {
    expect(() => run(root, ["envs/dev", "envs/prod"], { ...OPTIONS, stack: small })).toThrow(
      "--stack: is of one environment; name one alone",
    );
  });

  test("a file that is not there", () => {
    const missing = join(folder, "missing.json");
    expect(() => costOfSmall({ stack: missing })).toThrow(`${missing}: there is no such file`);
  });

  test("a stack without a region", () => {
    const bare = join(folder, "bare.json");
    writeFileSync(bare, "{}");
    expect(() => costOfSmall({ stack: bare })).toThrow(
      "envs/small: the stack has no AWS provider with a region",
    );
  });
});

test("the largest lines of production, by hand", () => {
  const text = readFileSync(golden("prod"), "utf8");
  expect(JSON.parse(text).provider.aws[0].region).toBe("eu-west-1");
  const { modules } = JSON.parse(costOf("prod", { json: true })).environments[0];
  const lines = modules.flatMap(({ lines: all }: { lines: { what: string; monthly: number }[] }) => all);
  const sumOf = (what: string) =>
    lines
      .filter((line: { what: string }) => line.what === what)
      .reduce((sum: number, { monthly }: { monthly: number }) => sum + monthly, 0);
  // Three nodes of 0.1944, three instances of 0.091, three gateways of 0.048, all for 730 hours; 2000 GB at 0.085.
  expect(sumOf("cache.r7g.large nodes, hours")).toBeCloseTo(3 * 730 * 0.1944, 2);
  expect(sumOf("m7g.large instances, hours")).toBeCloseTo(3 * 730 * 0.091, 2);
  expect(sumOf("NAT gateway, hours")).toBeCloseTo(3 * 730 * 0.048, 2);
  expect(sumOf("CloudFront, data to viewers")).toBeCloseTo(2000 * 0.085, 2);
});
