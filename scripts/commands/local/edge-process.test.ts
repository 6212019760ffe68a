import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeJson } from "../../internal/json-file";
import { findMarkedProcesses } from "../../internal/process-identity";
import { localDirectory } from "./directory";
import { edgeUrl, startEdgeProcess, stopEdgeProcess } from "./edge-process";
import type { EmulatorRecord } from "./emulator";
import { MARKS } from "./settings";

const ROOT = resolve(__dirname, "../../..");
const directory = localDirectory(ROOT, mkdtempSync(join(tmpdir(), "edge-")));
const stack = join(directory.synth, "envs", "local", "cdk.tf.json");
/** Stands for the emulator: what the edge asks its API, and the distribution. */
let server: Server;
let emulator: EmulatorRecord;

jest.setTimeout(60_000);

beforeAll(async () => {
  server = createServer((request, response) => {
    if (!request.url?.startsWith("/2020-05-31/")) return response.end("from the origin");
    response.setHeader("content-type", "text/xml");
    return response.end(
      request.url.includes("invalidation")
        ? "<InvalidationList><Quantity>0</Quantity></InvalidationList>"
        : "<Distribution><DomainName>d111111abcdef8.cloudfront.net</DomainName></Distribution>",
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  emulator = { port, process: { pid: process.pid, startedAt: "" }, fingerprint: "" };
  mkdirSync(join(stack, ".."), { recursive: true });
  cpSync(join(ROOT, "envs", "testdata", "envs-prod.json"), stack);
});

afterAll(async () => {
  await stopEdgeProcess(directory);
  server.closeAllConnections();
  server.close();
  rmSync(directory.path, { recursive: true });
});

const start = () => startEdgeProcess(directory, emulator, "EDFDVBD6EXAMPLE");

test("the edge runs before the distribution, keeps on until this changes, and is ended", async () => {
  expect(edgeUrl(directory)).toBeUndefined();
  const first = await start();
  expect(first.started).toBe(true);
  expect(edgeUrl(directory)).toBe(`http://127.0.0.1:${first.port}`);
  expect((await fetch(`${edgeUrl(directory)}/any`)).headers.get("x-cache")).toMatch(/cloudfront$/);

  const content = JSON.parse(readFileSync(stack, "utf8")) as {
    resource: Record<string, Record<string, object>>;
  };
  content.resource["aws_s3_bucket"] = {};
  writeJson(stack, content);
  expect(await start()).toEqual({ ...first, started: false });

  const distributions = content.resource["aws_cloudfront_distribution"] ?? {};
  for (const distribution of Object.values(distributions))
    Object.assign(distribution, { comment: "changed" });
  writeJson(stack, content);
  const second = await start();
  expect(second).toMatchObject({ started: true, port: first.port });
  expect(second.process).not.toEqual(first.process);

  expect(await stopEdgeProcess(directory)).toEqual([second.process.pid]);
  expect(findMarkedProcesses(MARKS.environment, directory.path)).toEqual([]);
  expect(edgeUrl(directory)).toBeUndefined();
});
