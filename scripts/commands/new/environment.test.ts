import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentSkeleton } from "./environment";
import { freeRange } from "./free-range";
import { checkUnchanged } from "./make";

const INDEX = `/**
 * The environments.
 *
 * @module
 */
import { local } from "./local";
import { prod } from "./prod";
import type { EnvironmentInput } from "./spec";

export { loadEnvironments } from "./load";

export const environments: Readonly<Record<string, EnvironmentInput>> = { local, prod };
`;

const PROD = `import type { EnvironmentInput } from "./spec";

/** What users use. */
export const prod = {
  project: "acme",
  name: "prod",
  account: { id: "777788889999", region: "eu-west-1", apiGatewayLogging: "managed" },
  state: { kind: "s3", bucket: "acme-state" },
  // No production without it.
  alarmEmails: ["on-call@example.com", "prod@example.com"],
  acknowledged: [{ path: "todo-table/table", action: "replace", reason: "prod is empty" }],
  network: { cidr: "10.30.0.0/16", peerings: [{ name: "analytics", cidr: "10.50.0.0/16" }] },
  todo: {
    auth: { sesIdentityArn: "arn:aws:ses:eu-west-1:777788889999:identity/prod.example.com" },
    api: { domain: { name: "api.example.com", hostedZoneId: "Z1PROD" } },
    origins: ["https://prod.example.com", "https://production.example.com"],
  },
} satisfies EnvironmentInput;
`;
const LOCAL = `import type { EnvironmentInput } from "./spec";

export const local = { name: "local", state: { kind: "local", path: "x" }, network: { cidr: "10.40.0.0/16" } } satisfies EnvironmentInput;
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "new-environment-"));
  mkdirSync(join(root, "envs"));
  writeFileSync(join(root, "envs/index.ts"), INDEX);
  writeFileSync(join(root, "envs/prod.ts"), PROD);
  writeFileSync(join(root, "envs/local.ts"), LOCAL);
});

afterEach(() => rmSync(root, { recursive: true }));

test("a copy has its own name, network, bucket, domains; account and references stay, and acknowledgements do not", () => {
  const { files, generated, next } = environmentSkeleton(
    root,
    "qa",
    "envs/prod",
    "Where releases are tried.",
  );
  expect(files["envs/qa.ts"]).toBe(`import type { EnvironmentInput } from "./spec";

/** Where releases are tried. */
export const qa = {
  project: "acme",
  name: "qa",
  account: { id: "777788889999", region: "eu-west-1", apiGatewayLogging: "existing" },
  state: { kind: "s3", bucket: "acme-state-qa" },
  // No production without it.
  alarmEmails: ["on-call@example.com", "qa@example.com"],
  network: { cidr: "10.10.0.0/16", peerings: [{ name: "analytics", cidr: "10.50.0.0/16" }] },
  todo: {
    auth: { sesIdentityArn: "arn:aws:ses:eu-west-1:777788889999:identity/prod.example.com" },
    api: { domain: { name: "qa.api.example.com", hostedZoneId: "Z1PROD" } },
    origins: ["https://qa.example.com", "https://production.example.com"],
  },
} satisfies EnvironmentInput;
`);
  expect(generated).toContain("envs/protected/qa.json");
  expect(next[0]).toBe(
    "set in envs/qa.ts what is still that of envs/prod: account.id, the account that it lives in; alarmEmails.0, who is told of alarms; " +
      "todo.auth.sesIdentityArn, what it refers to; todo.api.domain.hostedZoneId, the zone of its names",
  );
});

test("the list of environments has one more, imported after the others", () => {
  const { changed } = environmentSkeleton(root, "qa", "envs/prod");
  const added = (changed["envs/index.ts"] ?? "")
    .split("\n")
    .filter((line) => !INDEX.split("\n").includes(line));
  expect(added).toEqual([
    'import { qa } from "./qa";',
    "export const environments: Readonly<Record<string, EnvironmentInput>> = { local, prod, qa };",
  ]);
});

const NAME =
  "a name must be 1 to 16 lower-case letters and digits, starting with a letter; choose another name";

test.each([
  { name: "qa-2", message: `envs/qa-2: ${NAME}` },
  { name: "Qa", message: `envs/Qa: ${NAME}` },
  { name: "default", message: "envs/default: is a word of TypeScript; choose another name" },
  { name: "prod", message: "envs/prod: envs/prod.ts is there already; choose another name" },
  {
    name: "qa",
    from: "envs/local",
    message: "--from: envs/local keeps its state in a file: it is a laptop's; take one that keeps it in S3",
  },
  {
    name: "qa",
    from: "envs/dev",
    message: '--from: "envs/dev" is none of the environments; these are: envs/local, envs/prod',
  },
])("$name from $from is refused", ({ name, from = "envs/prod", message }) => {
  expect(() => environmentSkeleton(root, name, from)).toThrow(message);
});

test("a file that its user is changing is left alone", () => {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: root });
  git("init", "-q");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first");
  const skeleton = environmentSkeleton(root, "qa", "envs/prod");
  expect(() => checkUnchanged(root, skeleton)).not.toThrow();
  writeFileSync(join(root, "envs/index.ts"), `${INDEX}\n`);
  expect(() => checkUnchanged(root, skeleton)).toThrow(
    "envs/index.ts: has changes that are not committed; commit them or take them back first",
  );
});

test.each([
  {
    name: "tens come first",
    like: "10.10.0.0/16",
    taken: ["10.10.0.0/16", "10.20.0.0/16"],
    free: "10.30.0.0/16",
  },
  {
    name: "smaller ranges stand in the way of a larger one",
    like: "10.10.0.0/16",
    taken: ["10.10.128.0/24"],
    free: "10.20.0.0/16",
  },
  {
    name: "larger ranges stand in the way of a smaller one",
    like: "10.10.0.0/24",
    taken: ["10.0.0.0/11"],
    free: "10.40.0.0/24",
  },
  {
    name: "other private ranges do not",
    like: "172.16.0.0/20",
    taken: ["172.16.0.0/12"],
    free: "10.10.0.0/20",
  },
])("$name", ({ like, taken, free }) => {
  expect(freeRange(like, taken)).toBe(free);
});

test("without room a range is asked for", () => {
  expect(() => freeRange("10.10.0.0/16", ["10.0.0.0/8"])).toThrow(
    "network.cidr: no range in 10.0.0.0/8 is free; set one by hand",
  );
});
