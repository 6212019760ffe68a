import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathBelowStack } from "../../internal/construct-path";
import { mergeProposals } from "./merge";
import type { Proposal } from "./propose";
import { pathsOf, type StackJson } from "./resources";
import { compare } from "./run";
import { show } from "./show";
import { withMoves } from "./write";

const goldens = resolve(__dirname, "../../../envs/testdata");
const prod = JSON.parse(readFileSync(join(goldens, "envs-prod.json"), "utf8")) as StackJson;

/** A stack in which paths begin with other words, as after renames of constructs; names of resources go by their paths. */
function renamed(stack: StackJson, ...renames: readonly (readonly [from: string, to: string])[]): StackJson {
  const text = JSON.stringify(stack);
  const { resource = {} } = stack;
  const names = new Map<string, string>();
  const paths = new Map<string, string>();
  for (const blocks of Object.values(resource)) {
    for (const [name, block] of Object.entries(blocks)) {
      const path = block["//"]?.metadata?.path ?? "";
      const below = pathBelowStack(path);
      const rename = renames.find(([from]) => below === from || below.startsWith(`${from}/`));
      if (!rename) continue;
      names.set(name, `${name}_renamed`);
      paths.set(path, path.replace(rename[0], rename[1]));
    }
  }
  return JSON.parse(
    text
      .replace(/[\w-]+_[0-9A-F]{8}/g, (name) => names.get(name) ?? name)
      .replace(/"path":"([^"]+)"/g, (all, path: string) => all.replace(path, paths.get(path) ?? path)),
  ) as StackJson;
}

/** A stack without what is below some paths. */
function without(stack: StackJson, ...removed: readonly string[]): StackJson {
  const resource = Object.entries(stack.resource ?? {}).map(([type, blocks]) => [
    type,
    Object.fromEntries(
      Object.entries(blocks).filter(([, block]) => {
        const below = pathBelowStack(block["//"]?.metadata?.path ?? "");
        return !removed.some((path) => below === path || below.startsWith(`${path}/`));
      }),
    ),
  ]);
  return { ...stack, resource: Object.fromEntries(resource) };
}

/** A change of one argument of the only resource of a type whose path begins so. */
function changed(stack: StackJson, type: string, path: string, change: Record<string, unknown>): StackJson {
  const copy = structuredClone(stack) as { resource: Record<string, Record<string, object>> };
  for (const block of Object.values(copy.resource[type] ?? {}) as {
    "//": { metadata: { path: string } };
  }[]) {
    if (pathBelowStack(block["//"].metadata.path).startsWith(path)) Object.assign(block, change);
  }
  return copy as StackJson;
}

const sure = ({ moves }: Proposal) => moves.map(({ from, to }) => [from, to]);

test.each<[name: string, after: StackJson, moves: [string, string][]]>([
  ["nothing", prod, []],
  ["a module", renamed(prod, ["todo-table", "items"]), [["todo-table", "items"]]],
  [
    "a resource in a module",
    renamed(prod, ["todo-table/table", "todo-table/items"]),
    [["todo-table/table", "todo-table/items"]],
  ],
  ["a module into another", renamed(prod, ["data-key", "keys/data"]), [["data-key", "keys/data"]]],
  [
    "two modules of the same kind, each for its name",
    renamed(prod, ["sessions-cache", "session-store"], ["storefront-cache", "product-views"]),
    [
      ["sessions-cache", "session-store"],
      ["storefront-cache", "product-views"],
    ],
  ],
  [
    "a module whose table has another argument too",
    changed(renamed(prod, ["todo-table", "items"]), "aws_dynamodb_table", "items", {
      billing_mode: "PROVISIONED",
    }),
    [["todo-table", "items"]],
  ],
  [
    "a large module, with 33 resources that are nearly alike",
    renamed(prod, ["todo-api-v1", "todos-v1"]),
    [["todo-api-v1", "todos-v1"]],
  ],
  [
    "a load balancer and not its neighbours",
    renamed(prod, ["microservices-orders-load-balancer", "orders-balancer"]),
    [["microservices-orders-load-balancer", "orders-balancer"]],
  ],
])("finds a rename of %s", (_, after, moves) => {
  const proposal = compare(prod, after);
  expect(sure(proposal)).toEqual(moves);
  expect(proposal).toMatchObject({ ambiguous: [], gone: [] });
});

test("what moved blocks take care of is no matter any more", () => {
  const after = renamed(prod, ["todo-table/table", "items/table"]);
  const [[before = ""] = []] = Object.entries(prod.resource?.["aws_dynamodb_table"] ?? {}).filter(
    ([, block]) => block["//"]?.metadata?.path?.endsWith("todo-table/table"),
  );
  const moved = [{ from: `aws_dynamodb_table.${before}`, to: `aws_dynamodb_table.${before}_renamed` }];
  expect(compare(prod, { ...after, moved })).toEqual({ moves: [], ambiguous: [], gone: [] });
});

test("what has two counterparts that are alike is not decided", () => {
  const topic = (path: string) => ({
    "//": { metadata: { path: `envs/prod/${path}` } },
    kms_master_key_id: "k",
  });
  const before = { resource: { aws_sns_topic: { a: topic("news/topic") } } };
  const after = { resource: { aws_sns_topic: { b: topic("blog/topic"), c: topic("alerts/topic") } } };
  expect(compare(before, after)).toEqual({
    moves: [],
    ambiguous: [
      {
        from: "news",
        candidates: [
          { to: "alerts", resources: 1, likeness: 1 },
          { to: "blog", resources: 1, likeness: 1 },
        ],
      },
    ],
    gone: [],
  });
});

test("what has one counterpart with little in common is not decided", () => {
  const table = (path: string, name: string) => ({
    "//": { metadata: { path: `envs/prod/${path}` } },
    name,
    hash_key: "id",
    billing_mode: "PAY_PER_REQUEST",
  });
  const before = { resource: { aws_dynamodb_table: { a: table("a/table", "a") } } };
  const after = { resource: { aws_dynamodb_table: { b: table("b/table", "b") } } };
  expect(compare(before, after)).toEqual({
    moves: [],
    ambiguous: [{ from: "a", candidates: [{ to: "b", resources: 1, likeness: 0.5 }] }],
    gone: [],
  });
});

test("what has gone without a counterpart is told, with what is lost", () => {
  const proposal = compare(prod, without(prod, "catalog-table"));
  expect(proposal).toMatchObject({ moves: [], ambiguous: [] });
  expect(proposal.gone).toContainEqual({ type: "aws_dynamodb_table", path: "catalog-table/table" });
  const report = { version: 1, since: "0123456789abcdef", written: false } as const;
  const gone = [
    { type: "aws_dynamodb_table", path: "catalog-table/table", stacks: ["envs/prod"] },
    { type: "aws_cloudwatch_metric_alarm", path: "catalog-table/alarms/errors", stacks: ["envs/prod"] },
    { type: "aws_cloudwatch_metric_alarm", path: "catalog-table/alarms/late", stacks: ["envs/prod"] },
  ];
  expect(show({ ...report, moves: [], ambiguous: [], gone }, { aws_dynamodb_table: "items" })).toBe(
    [
      "Gone, and destroyed by the next deployment:",
      "  catalog-table/table   aws_dynamodb_table, with its items; envs/prod",
      "  catalog-table/alarms   2 resources that hold no data",
    ].join("\n"),
  );
});

test("what was there all along moves nowhere, and nothing moves onto it", () => {
  const after = renamed(prod, ["todo-table/table", "catalog-table/items"]);
  expect(pathsOf(after).has("catalog-table/table")).toBe(true);
  expect(sure(compare(prod, after))).toEqual([["todo-table/table", "catalog-table/items"]]);
});

test("stacks that agree make one proposal; one that is sure settles it for the others; two that differ settle nothing", () => {
  const move = (from: string, to: string) => ({ from, to, resources: 2, likeness: 1 });
  const nothing = { moves: [], ambiguous: [], gone: [] };
  expect(
    mergeProposals({
      "envs/dev": { ...nothing, moves: [move("a", "b"), move("c", "d")] },
      "envs/prod": {
        ...nothing,
        moves: [move("a", "b"), move("c", "e")],
        ambiguous: [{ from: "x", candidates: [move("x", "y"), move("x", "z")] }],
      },
      "envs/local": {
        ...nothing,
        ambiguous: [{ from: "a", candidates: [move("a", "b"), move("a", "d")] }],
      },
    }),
  ).toEqual({
    moves: [{ ...move("a", "b"), stacks: ["envs/dev", "envs/prod"] }],
    ambiguous: [
      { from: "c", stacks: ["envs/dev"], candidates: [{ to: "d", resources: 2, likeness: 1 }] },
      { from: "c", stacks: ["envs/prod"], candidates: [{ to: "e", resources: 2, likeness: 1 }] },
      { from: "x", stacks: ["envs/prod"], candidates: [move("x", "y"), move("x", "z")] },
    ],
    gone: [],
  });
});

const HEAD = 'import type { Move } from "./move";\n\nexport const moves: readonly Move[] = [';

test.each([
  ["an empty list", `${HEAD}];\n`, `${HEAD}\n  { from: "a", to: "b" },\n];\n`],
  [
    "a list with a move",
    `${HEAD}\n  { from: "x", to: "y" },\n];\n`,
    `${HEAD}\n  { from: "x", to: "y" },\n  { from: "a", to: "b" },\n];\n`,
  ],
  ["a list of another form", "export const moves = [];\n", undefined],
])("moves are added to %s", (_, before, after) => {
  expect(withMoves(before, [{ from: "a", to: "b" }])).toBe(after);
});

test("a long move is broken over lines, as the formatter would", () => {
  const path = "microservices-storefront-load-balancer/security-group";
  expect(withMoves(`${HEAD}];\n`, [{ from: path, to: `${path}-of-old` }])).toBe(
    `${HEAD}\n  {\n    from: "${path}",\n    to: "${path}-of-old",\n  },\n];\n`,
  );
});

test("this project's list of moves is one that moves can be added to", () => {
  const text = readFileSync(resolve(__dirname, "../../../envs/moves.ts"), "utf8");
  expect(withMoves(text, [{ from: "a", to: "b" }])).toContain('  { from: "a", to: "b" },\n];\n');
});
