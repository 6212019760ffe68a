/** `scripts/invalidate`, as a release runs it, against the deployed distribution: what it names is asked of the application again. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformEnvironment } from "./internal/deployment";
import { type DownloadsRole, newDownloadsRole } from "./internal/downloads-role";
import { type Outcome, ROOT, run } from "./internal/project";
import { download, downloads, Releases } from "./internal/releases";

const releases = new Releases();
const folder = mkdtempSync(join(tmpdir(), "invalidate-"));
let publisher: DownloadsRole;
let stranger: DownloadsRole;

jest.setTimeout(120_000);

beforeAll(async () => {
  [publisher, stranger] = await Promise.all([
    newDownloadsRole((module) => module.grantInvalidate()),
    newDownloadsRole((module) => module.grantPublishFiles()),
  ]);
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([publisher?.remove(), stranger?.remove(), releases.remove()]);
});

/**
 * Runs the command on envs/local, without looking the distribution up in Terraform's outputs: that has its own test beside the command.
 *
 * @param as whose credentials it has. @default the administrator's
 */
function invalidate(args: readonly string[], as?: DownloadsRole): Promise<Outcome> {
  const command = join(ROOT, "scripts", "invalidate");
  return run([command, "envs/local", "--distribution", downloads().distributionId, ...args], ROOT, {
    ...terraformEnvironment(),
    // Where it keeps what it has begun.
    LOCAL_DIRECTORY: folder,
    ...(as && {
      AWS_ACCESS_KEY_ID: as.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: as.credentials.secretAccessKey,
      AWS_SESSION_TOKEN: as.credentials.sessionToken,
    }),
  });
}

/** How an answer came about, and what it is. */
async function textOf(target: string): Promise<string> {
  const { result, body } = await download(target);
  return `${result} ${body}`;
}

test("the newest file is replaced for all, once the command has said so; others stay cached", async () => {
  const latest = releases.path("/updates/*/latest.txt");
  const other = releases.path("/updates/*/notes.txt");
  await Promise.all([releases.publish(latest, "1.0"), releases.publish(other, "notes")]);
  expect(await Promise.all([textOf(latest), textOf(other)])).toEqual(["Miss 1.0", "Miss notes"]);
  await releases.publish(latest, "1.1");
  expect(await textOf(latest)).toBe("Hit 1.0");

  const { code, output } = await invalidate([latest.replace("latest.txt", "latest*"), "--wait", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    distributionId: downloads().distributionId,
    invalidations: [{ status: "Completed", wildcards: 1, repeated: false }],
  });
  expect(await textOf(latest)).toBe("Miss 1.1");
  expect(await textOf(latest)).toBe("Hit 1.1");
  expect(await textOf(other)).toBe("Hit notes");
});

test("with the two rights of grantInvalidate alone, what a key tells apart is removed by its query", async () => {
  const publish = (version: string) =>
    Promise.all(
      ["x64", "arm64"].map((arch) => releases.publish(`/downloads/installer-mac-${arch}`, version)),
    );
  const ask = (arch: string) => textOf(`/downloads/installer?platform=mac&arch=${arch}`);
  // What another run may have left in the cache.
  expect((await invalidate(["/downloads/installer*"], publisher)).code).toBe(0);
  await publish("1.0");
  expect(await Promise.all([ask("x64"), ask("arm64")])).toEqual(["Miss 1.0", "Miss 1.0"]);
  await publish("1.1");

  // As the function at the edge has brought it into order.
  const { code, output } = await invalidate(["/downloads/installer?arch=x64&platform=mac"], publisher);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/completed: 1 path\n/) });
  expect(await ask("x64")).toBe("Miss 1.1");
  expect(await ask("arm64")).toBe("Hit 1.0");
});

test("without these rights nothing is removed, and the exit code says why", async () => {
  const path = releases.path("/updates/*/latest-kept.txt");
  await releases.publish(path, "1.0");
  expect(await textOf(path)).toBe("Miss 1.0");
  const { code, output } = await invalidate([path], stranger);
  expect(code).toBe(4);
  expect(output).toContain("allow them cloudfront:CreateInvalidation and cloudfront:GetInvalidation on it");
  expect(await textOf(path)).toBe("Hit 1.0");
});
