/** A large file, which nobody on its way may hold whole: the edge and the application pass it on as it comes. */
import { execFileSync } from "node:child_process";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { readState } from "../scripts/commands/local/ecs/state";
import { environmentDirectory } from "./internal/directory";
import { type DownloadsRole, newDownloadsRole } from "./internal/downloads-role";
import { bucketClient, download, downloadHash, downloads, Releases } from "./internal/releases";

const PART_BYTES = 25 * 1024 ** 2;
const PARTS = 8;
const SIZE = PARTS * PART_BYTES;
const KEY = randomBytes(16);
const releases = new Releases();
const path = releases.path("/updates/v3.0.0-*.bin");
let publisher: DownloadsRole;
let s3: S3Client;
let sha256: string;

jest.setTimeout(120_000);

beforeAll(async () => {
  publisher = await newDownloadsRole((module) => module.grantPublishFiles());
  s3 = bucketClient(publisher.credentials);
  sha256 = await publish();
});

afterAll(async () => {
  s3?.destroy();
  await Promise.all([publisher?.remove(), releases.remove()]);
});

/** A part of the file, unlike all others; it is made anew each time. */
function partOf(index: number): Buffer {
  const counter = Buffer.alloc(16);
  counter.writeUInt32BE(index);
  return createCipheriv("aes-128-ctr", KEY, counter).update(Buffer.alloc(PART_BYTES));
}

/** Puts the file in parts, as publishers put large files. @returns its hash */
async function publish(): Promise<string> {
  const object = { Bucket: downloads().bucket, Key: path.slice(1) };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
  const hash = createHash("sha256");
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (let index = 0; index < PARTS; index++) {
    const Body = partOf(index);
    hash.update(Body);
    const PartNumber = index + 1;
    const { ETag } = await s3.send(new UploadPartCommand({ ...object, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const { VersionId } = await s3.send(
    new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts } }),
  );
  releases.willRemove(object.Key, VersionId);
  return hash.digest("hex");
}

/** Processes that the file passes, the emulator's apart. */
async function processes(): Promise<Record<"edge" | "application", number>> {
  const edge = (await (await fetch(`${downloads().url}/_edge/status`)).json()) as { pid: number };
  const services = readState(environmentDirectory())?.services ?? [];
  const [task] = services.find(({ name }) => name.endsWith("-updates"))?.tasks ?? [];
  const application = task?.processes["updates"];
  if (application === undefined) throw new Error("no task of updates runs");
  return { edge: edge.pid, application };
}

/** Bytes of memory that each has now. */
function memoryOf(pids: Record<string, number>): number[] {
  return Object.values(pids).map((pid) => {
    const kibibytes = execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
    return Number(kibibytes) * 1024;
  });
}

test("200 MiB come through identical, first from the application, then from the cache, in little memory", async () => {
  const pids = await processes();
  const before = memoryOf(pids);
  const most = [...before];
  const watch = setInterval(() => {
    for (const [index, bytes] of memoryOf(pids).entries()) most[index] = Math.max(most[index] ?? 0, bytes);
  }, 200);
  try {
    for (const result of ["Miss", "Hit"]) {
      const answer = await downloadHash(path);
      expect(answer).toMatchObject({ status: 200, result, bytes: SIZE, sha256 });
    }
  } finally {
    clearInterval(watch);
  }
  const grown = most.map((bytes, index) => bytes - (before[index] ?? 0));
  for (const bytes of grown) expect(bytes).toBeLessThan(SIZE / 4);
});

test("any part of it comes from the cache, and a download that broke off is gone on with", async () => {
  const begun = await download(path, { headers: { range: "bytes=0-1023" } });
  expect(begun).toMatchObject({ status: 206, result: "Hit" });
  const from = 5 * PART_BYTES - 100;
  const headers = { range: `bytes=${from}-${from + 199}`, "if-range": begun.headers["etag"] ?? "" };
  const rest = await download(path, { headers });
  expect(rest).toMatchObject({
    status: 206,
    headers: { "content-range": `bytes ${from}-${from + 199}/${SIZE}` },
  });
  const expected = Buffer.concat([partOf(4).subarray(-100), partOf(5).subarray(0, 100)]);
  expect(rest.body.equals(expected)).toBe(true);
});
