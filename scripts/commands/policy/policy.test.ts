import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { withSynthesised } from "../../internal/synthesised-stack";
import { EXCEPTIONS, readExceptions } from "./exceptions";
import { judge, type Verdict } from "./judge";
import { checkovPython, stacksIn } from "./run";
import { type StackScan, scanStacks } from "./scan";
import { describeVerdict, isClean } from "./show";

// Installs checkov first, where that was not done, and is not alone on the machine.
jest.setTimeout(600_000);

const ROOT = resolve(__dirname, "../../..");
const PLANTED = "bootstrap/planted";

let python: string;
let verdict: Verdict;
let faulty: StackScan;
let before: StackScan;

/** All stacks as they are, and one with planted faults, in one run: checkov is slow to start. */
beforeAll(async () => {
  python = await checkovPython(ROOT, () => {});
  withSynthesised(ROOT, (folder) => {
    const stacks = stacksIn(folder);
    const planted = { stack: PLANTED, file: join(folder, "planted.tf.json") };
    const { file = "" } = stacks.find(({ stack }) => stack === "bootstrap/prod") ?? {};
    writeFileSync(planted.file, JSON.stringify(plantFaults(JSON.parse(readFileSync(file, "utf8")))));
    const scans = scanStacks(python, [...stacks, planted]);
    faulty = scanOf(scans, PLANTED);
    before = scanOf(scans, "bootstrap/prod");
    verdict = judge(
      scans.filter(({ stack }) => stack !== PLANTED),
      readExceptions(join(ROOT, EXCEPTIONS)),
      stacks.map(({ stack }) => stack),
    );
  });
});

test("no stack has a fault that is not accepted, and no exception is one too many", () => {
  expect(isClean(verdict) ? "clean" : describeVerdict(verdict)).toBe("clean");
});

test("hundreds of checks look at each environment, and dozens at what is there before", () => {
  const passed = Object.fromEntries(verdict.stacks.map((stack) => [stack.stack, stack.passed]));
  // Each stack has a golden.
  const goldens = readdirSync(join(ROOT, "envs/testdata"));
  expect(Object.keys(passed).sort()).toEqual(
    goldens.map((file) => file.replace(/^(envs|bootstrap)-(.+)\.json$/, "$1/$2")).sort(),
  );
  for (const [stack, count] of Object.entries(passed)) {
    expect({ stack, enough: count >= (stack.startsWith("envs/") ? 500 : 50) }).toEqual({
      stack,
      enough: true,
    });
  }
});

test("planted faults are found: in arguments, in the connections of resources, and in policies, which are JSON in a string", () => {
  const known = failuresOf(before);
  expect(failuresOf(faulty).filter((failure) => !known.includes(failure))).toEqual([
    "CKV2_AWS_6: state/bucket/bucket",
    // Exposure of data, management of permissions, unbounded writing, all resources.
    ...["288", "289", "290", "355"].map((number) => `CKV_AWS_${number}: api-gateway-logging/role/policy`),
    "CKV_AWS_53: state/bucket/public-access-block",
    "CKV_AWS_7: state/key/key",
  ]);
});

test("a check that crashes, and a stack that no check looks at, are errors", () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  try {
    const method = { authorization: "NONE", http_method: "OPTIONS" };
    const stacks = [
      { stack: "envs/empty", content: {} },
      { stack: "envs/broken", content: { resource: { aws_api_gateway_method: { odd: method } } } },
    ].map(({ stack, content }) => {
      const file = join(folder, `${stack.replace("/", "-")}.tf.json`);
      writeFileSync(file, JSON.stringify(content));
      return { stack, file };
    });
    expect(() => scanStacks(python, stacks)).toThrow(
      /^checkov, envs\/empty: passed nothing at all\ncheckov, envs\/broken: Failed to run check CKV2_AWS_70 on /,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a name that is no environment's is refused before anything is done", () => {
  const { status, stdout, stderr } = spawnSync(join(ROOT, "scripts", "policy"), ["prod"], {
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: 'error: environment: "prod" is none; write it as envs/<name>, e.g. envs/prod\n',
  });
});

type Block = Record<string, unknown> & { readonly "//": { readonly metadata: { readonly path: string } } };

interface Stack {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

/** Opens a bucket, keeps a key as it is for ever, and lets a role do what no role may. */
function plantFaults(stack: Stack): Stack {
  const blocks = Object.values(stack.resource).flatMap((named) => Object.values(named));
  const at = (path: string) => {
    const block = blocks.find((candidate) => candidate["//"].metadata.path === `bootstrap/prod/${path}`);
    if (!block) throw new Error(`bootstrap/prod has no ${path}`);
    return block;
  };
  at("state/bucket/public-access-block")["block_public_acls"] = false;
  at("state/key/key")["enable_key_rotation"] = false;
  const role = at("api-gateway-logging/role/policy");
  const policy = JSON.parse(role["policy"] as string);
  const wide = { Effect: "Allow", Action: ["s3:*", "iam:PassRole"], Resource: ["*"] };
  role["policy"] = JSON.stringify({ ...policy, Statement: [...policy.Statement, wide] });
  return stack;
}

function scanOf(scans: readonly StackScan[], stack: string): StackScan {
  const scan = scans.find((candidate) => candidate.stack === stack);
  if (!scan) throw new Error(`${stack} was not scanned`);
  return scan;
}

function failuresOf({ findings }: StackScan): readonly string[] {
  return findings
    .filter(({ result }) => result === "failed")
    .map(({ check, path }) => `${check}: ${path}`)
    .sort();
}
