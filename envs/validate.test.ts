import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { specs, stacks, synthesise } from "./fixture";

/** Of what `terraform validate -json` says. */
interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly range?: { readonly filename: string };
}

let outdir: string;
let diagnostics: readonly Diagnostic[];

async function terraform(...args: string[]): Promise<string> {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", AWS_ENDPOINT_URL: "" };
  // What validate finds makes it fail, and is printed all the same.
  const failed = (error: Error & { readonly stdout?: string }) => {
    if (args[0] !== "validate" || !error.stdout) throw error;
    return { stdout: error.stdout };
  };
  const run = promisify(execFile)("terraform", args, { cwd: outdir, env, maxBuffer: 64 * 1024 ** 2 });
  return (await run.catch(failed)).stdout;
}

/** All stacks in one run, each as a module: to start the provider and read its schema takes as long as to check a small stack. */
beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), "validate-"));
  synthesise(outdir, specs);
  const modules = stacks.map((stack) => [stack.replace("/", "-"), { source: `./${stack}` }]);
  writeFileSync(join(outdir, "main.tf.json"), JSON.stringify({ module: Object.fromEntries(modules) }));
  await terraform("init", "-backend=false", "-input=false");
  ({ diagnostics } = JSON.parse(await terraform("validate", "-json")));
}, 300_000);

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

function findings(stack: string): readonly Diagnostic[] {
  return diagnostics.filter(({ range }) => range?.filename === `${stack}/cdk.tf.json`);
}

test.each(stacks)("%s is valid to Terraform and the AWS provider", (stack) => {
  // Said of each: so each was read.
  const ignored = { severity: "warning", summary: "Backend configuration ignored" };
  expect(findings(stack)).toEqual([expect.objectContaining(ignored)]);
});

test("nothing is found that belongs to no stack", () => {
  const known = new Set(stacks.flatMap(findings));
  expect(diagnostics.filter((each) => !known.has(each))).toEqual([]);
});
