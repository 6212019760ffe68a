import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { withState } from "./backend";
import { describeComparison, describeList, describeRestored } from "./show";
import { backUp, type Comparison, list, restore, type StateOfEnvironment } from "./state";

/** With the real Terraform and a state in a file. e2e/bootstrap.test.ts has the same with one in S3. */
const NOW = new Date("2026-11-24T10:15:00.500Z");
const LINEAGE = "1a2b3c4d-0000-4000-8000-000000000000";

let root: string;
let file: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "state-test-"));
  file = join(root, "kept", "dev.tfstate");
  mkdirSync(join(root, "kept"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function stateText(serial: number, names: readonly string[], lineage = LINEAGE): string {
  const resources = names.map((name) => ({
    mode: "managed",
    type: "terraform_data",
    name,
    provider: 'provider["terraform.io/builtin/terraform"]',
    instances: [{ schema_version: 0, attributes: { id: name } }],
  }));
  return JSON.stringify({ version: 4, terraform_version: "1.11.4", serial, lineage, outputs: {}, resources });
}

function use<T>(work: (of: StateOfEnvironment) => Promise<T>): Promise<T> {
  // As a stack has it: from the folder that Terraform runs in.
  const backend = { local: { path: "../../../kept/dev.tfstate" } };
  return withState(root, "envs/dev", backend, async (state) =>
    work({ root, environment: "envs/dev", backups: join(root, "backups"), state }),
  );
}

const approve = async () => {};
const written = () => JSON.parse(readFileSync(file, "utf8"));

test("a backup is what Terraform has, readable by its owner alone, and named by what it is", async () => {
  writeFileSync(file, stateText(7, ["a", "b"]));
  const made = await use(async (of) => backUp(of, NOW));
  expect(made).toMatchObject({ environment: "envs/dev", serial: 7, lineage: "1a2b3c4d", resources: 2 });
  expect(basename(made.path)).toMatch(/^20261124T101500Z_serial-7_1a2b3c4d_[0-9a-f]{16}\.tfstate$/);
  expect(statSync(made.path).mode & 0o777).toBe(0o600);
  expect(statSync(join(root, "backups")).mode & 0o777).toBe(0o700);
  expect(JSON.parse(readFileSync(made.path, "utf8"))).toMatchObject({ serial: 7, lineage: LINEAGE });
  // Later, nothing has changed: it is the same backup.
  expect((await use(async (of) => backUp(of, new Date()))).path).toBe(made.path);
});

test("what was never deployed has no state", async () => {
  await expect(use(async (of) => backUp(of, NOW))).rejects.toThrow(
    "envs/dev: has no state yet; deploy it first",
  );
});

test("a backup is restored as the newest state, and what it replaces is backed up", async () => {
  writeFileSync(file, stateText(7, ["a", "b"]));
  const { path } = await use(async (of) => backUp(of, NOW));
  writeFileSync(file, stateText(9, ["b", "c"]));
  let shown: Comparison | undefined;
  const restored = await use((of) =>
    restore(
      of,
      basename(path),
      async (comparison) => {
        shown = comparison;
      },
      NOW,
    ),
  );
  expect(describeComparison(shown as Comparison)).toBe(
    [
      "            serial  resources",
      "present          9          2",
      "to restore       7          2",
      "Terraform will no longer know of 1:",
      "  terraform_data.c",
      "Terraform will know again of 1:",
      "  terraform_data.a",
    ].join("\n"),
  );
  expect(written()).toMatchObject({ serial: restored.serial, lineage: LINEAGE });
  expect(restored.serial).toBeGreaterThan(9);
  expect(written().resources.map(({ name }: { name: string }) => name)).toEqual(["a", "b"]);
  expect(JSON.parse(readFileSync(restored.backup?.path ?? "", "utf8"))).toMatchObject({ serial: 9 });
  expect(describeRestored(restored)).toContain("envs/dev: the state of serial 7 is restored, as serial ");
});

test("errored.tfstate, which is newer than the present state, is found and restored as it is", async () => {
  writeFileSync(file, stateText(7, ["a"]));
  const errored = join(root, "cdktf.out", "envs", "dev", "errored.tfstate");
  mkdirSync(join(errored, ".."), { recursive: true });
  writeFileSync(errored, stateText(12, ["a", "b"]));
  expect(describeList(await use((of) => list(of, 10)))).toBe(
    [
      `envs/dev: ${file}`,
      "There is nothing to restore: no version, no backup.",
      `Terraform could not write the state, and left it in ${errored}: restore that.`,
    ].join("\n"),
  );
  const { serial } = await use((of) => restore(of, errored, approve, NOW));
  expect(written().serial).toBe(serial);
  expect(written().resources).toHaveLength(2);
});

test("with no state left, a backup brings it back", async () => {
  writeFileSync(file, stateText(7, ["a"]));
  const { path } = await use(async (of) => backUp(of, NOW));
  rmSync(file);
  const restored = await use((of) => restore(of, path, approve, NOW));
  expect(restored).not.toHaveProperty("present");
  expect(restored).not.toHaveProperty("backup");
  expect(written()).toMatchObject({ serial: restored.serial, lineage: LINEAGE });
});

test("a state of another history is refused", async () => {
  writeFileSync(file, stateText(7, ["a"]));
  const other = join(root, "other.tfstate");
  writeFileSync(other, stateText(9, ["a"], "other"));
  await expect(use((of) => restore(of, other, approve, NOW))).rejects.toThrow(
    `${other}: is of another history (lineage other) than the state of envs/dev (${LINEAGE}); ` +
      "it is another environment's, or of one that was made anew since",
  );
  expect(written().serial).toBe(7);
});

test("a backup whose bytes have changed is refused", async () => {
  writeFileSync(file, stateText(7, ["a"]));
  const { path } = await use(async (of) => backUp(of, NOW));
  chmodSync(path, 0o600);
  writeFileSync(path, readFileSync(path, "utf8").replaceAll('"a"', '"z"'));
  await expect(use((of) => restore(of, path, approve, NOW))).rejects.toThrow(
    `${path}: is not what was written: its checksum differs from that of its name`,
  );
});

test("what is no state is refused", async () => {
  const text = join(root, "notes.txt");
  writeFileSync(text, "{}");
  await expect(use((of) => restore(of, text, approve, NOW))).rejects.toThrow(
    `${text}: is no state of Terraform, version 4`,
  );
  await expect(use((of) => restore(of, "nothing", approve, NOW))).rejects.toThrow(
    "nothing: is no file, and no backup; scripts/state list envs/dev names what there is",
  );
});

test("what a deployment writes while somebody decides is not replaced", async () => {
  writeFileSync(file, stateText(7, ["a"]));
  const newer = join(root, "newer.tfstate");
  writeFileSync(newer, stateText(12, ["a"]));
  const deployMeanwhile = async () => writeFileSync(file, stateText(9, ["a", "b"]));
  await expect(use((of) => restore(of, newer, deployMeanwhile, NOW))).rejects.toThrow(
    "envs/dev: its state has changed since it was compared, and nothing was restored; " +
      "a deployment is at work: wait for its end, then look again",
  );
  expect(written()).toMatchObject({ serial: 9 });
});

test("not confirmed, nothing is changed or written", async () => {
  writeFileSync(file, stateText(7, ["a"]));
  const newer = join(root, "newer.tfstate");
  writeFileSync(newer, stateText(9, ["a"]));
  const refuse = async () => {
    throw new Error("no");
  };
  await expect(use((of) => restore(of, newer, refuse, NOW))).rejects.toThrow("no");
  expect(written().serial).toBe(7);
  expect(existsSync(join(root, "backups"))).toBe(false);
});

test("Terraform's own words are told when the backend fails", async () => {
  await expect(
    withState(root, "envs/dev", { s3: { bucket: "b", key: "k", region: "nowhere-1" } }, async () => {}),
  ).rejects.toThrow(/^envs\/dev: terraform init ended with code 1:\n.*Invalid AWS Region: nowhere-1/s);
});
