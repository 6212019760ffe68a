import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = resolve(__dirname, "../../../..");
const FILE_MEGABYTES = 200;
const MEGABYTE = Buffer.alloc(1024 ** 2, "0123456789abcdef");

let folder: string;
let emulator: Server;
let edge: ChildProcess;
let url: string;

jest.setTimeout(120_000);

/** Stands for the emulator: the API's answers that the edge asks for, and a distribution with one large file. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edge-process-"));
  emulator = createServer(async (request, response) => {
    if (request.url?.startsWith("/2020-05-31/")) {
      response.writeHead(200, { "content-type": "text/xml" });
      response.end(
        request.url.includes("invalidation")
          ? "<InvalidationList><Quantity>0</Quantity></InvalidationList>"
          : "<Distribution><DomainName>d111111abcdef8.cloudfront.net</DomainName></Distribution>",
      );
      return;
    }
    response.writeHead(200, { "content-length": FILE_MEGABYTES * MEGABYTE.length });
    for (let count = 0; count < FILE_MEGABYTES; count++) {
      if (!response.write(MEGABYTE)) await once(response, "drain");
    }
    response.end();
  }).listen(0, "127.0.0.1");
  await once(emulator, "listening");

  edge = spawn(
    process.execPath,
    [
      ...["--import", join(root, "node_modules/tsx/dist/loader.mjs"), join(__dirname, "main.ts")],
      ...["--stack", join(root, "envs/testdata/envs-prod.json"), "--distribution", "EDFDVBD6EXAMPLE"],
      ...["--endpoint", `http://127.0.0.1:${(emulator.address() as AddressInfo).port}`],
      ...["--folder", join(folder, "objects")],
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    },
  );
  const [line] = (await once(edge.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  ({ url } = JSON.parse(line.toString()));
}, 60_000);

afterAll(async () => {
  if (edge.exitCode === null) edge.kill("SIGKILL");
  emulator.close();
  emulator.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

/** Highest memory that the process has had, in MB. */
function peakMegabytes(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${edge.pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

async function download(path: string, pause = 0): Promise<{ hash: string; bytes: number; result: string }> {
  const [response] = (await once(get(url + path), "response")) as [IncomingMessage];
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of response) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (pause > 0 && bytes % 7 === 0) await sleep(pause);
  }
  return { hash: hash.digest("hex"), bytes, result: String(response.headers["x-cache"]) };
}

test("a file of 200 MB goes through whole, to several viewers, in memory that does not grow with it", async () => {
  const expected = createHash("sha256");
  for (let count = 0; count < FILE_MEGABYTES; count++) expected.update(MEGABYTE);
  const hash = expected.digest("hex");
  const before = peakMegabytes();

  const first = await Promise.all([download("/downloads/a.zip"), download("/downloads/a.zip", 1)]);
  const cached = await download("/downloads/a.zip");
  for (const found of [...first, cached]) {
    expect(found).toMatchObject({ hash, bytes: FILE_MEGABYTES * MEGABYTE.length });
  }
  expect(cached.result).toBe("Hit from cloudfront");
  expect(peakMegabytes() - before).toBeLessThan(FILE_MEGABYTES / 2);
});

test("says where it listens, and of which distribution", async () => {
  const response = await fetch(`${url}/_edge/status`);
  expect(await response.json()).toMatchObject({
    pid: edge.pid,
    distributionId: "EDFDVBD6EXAMPLE",
    domainName: "d111111abcdef8.cloudfront.net",
  });
});

test("ends on SIGTERM, in the middle of a download too, and leaves no file behind", async () => {
  const [response] = (await once(get(`${url}/downloads/b.zip`), "response")) as [IncomingMessage];
  response.on("error", () => undefined);
  await once(response, "data");
  edge.kill("SIGTERM");
  const [code] = await once(edge, "exit");
  expect(code).toBe(0);
  expect(existsSync(join(folder, "objects"))).toBe(false);
});
