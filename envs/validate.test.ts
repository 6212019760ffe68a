import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { specs, stacks, synthesise } from "./fixture";

let outdir: string;

function terraform(stack: string, ...args: string[]) {
  return promisify(execFile)("terraform", args, {
    cwd: join(outdir, stack),
    env: { ...process.env, CHECKPOINT_DISABLE: "1", AWS_ENDPOINT_URL: "" },
  });
}

beforeAll(async () => {
  outdir = mkdtempSync(join(tmpdir(), "validate-"));
  synthesise(outdir, specs);
  const [first, ...rest] = stacks as [string, ...string[]];
  await terraform(first, "init", "-backend=false", "-input=false");
  // The provider is the same for all, and large: installed once.
  for (const stack of rest) {
    symlinkSync(join(outdir, first, ".terraform"), join(outdir, stack, ".terraform"));
    copyFileSync(join(outdir, first, ".terraform.lock.hcl"), join(outdir, stack, ".terraform.lock.hcl"));
  }
}, 300_000);

afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test.each(stacks)(
  "%s is valid to Terraform and the AWS provider",
  async (stack) => {
    const { stdout } = await terraform(stack, "validate", "-json").catch((error) => error);
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
  },
  120_000,
);
