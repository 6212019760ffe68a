/**
 * A release as its users have it: published into the deployed bucket, served by the application behind the deployed load balancer,
 * downloaded through the deployed distribution.
 */
import { randomBytes } from "node:crypto";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type DownloadsRole, newDownloadsRole } from "./internal/downloads-role";
import { expectDenied } from "./internal/files";
import { bucketClient, download, downloads, Releases } from "./internal/releases";

const releases = new Releases();
const archive = releases.path("/updates/v1.2.3-*.zip");
const FILE = randomBytes(300_000);
const PAGE = "http://localhost:3000";
let publisher: DownloadsRole;
let s3: S3Client;

beforeAll(async () => {
  publisher = await newDownloadsRole((module) => module.grantPublishFiles());
  s3 = bucketClient(publisher.credentials);
  await put(archive);
  await download(archive);
});

afterAll(async () => {
  s3?.destroy();
  await Promise.all([publisher?.remove(), releases.remove()]);
});

/** Puts the file with a publisher's rights. */
async function put(path: string): Promise<void> {
  const Key = path.slice(1);
  const { VersionId } = await s3.send(
    new PutObjectCommand({ Bucket: downloads().bucket, Key, Body: FILE, ContentType: "application/zip" }),
  );
  releases.willRemove(Key, VersionId);
}

describe("a publisher", () => {
  test("puts a file, which is then downloaded identical, from the application and from the cache", async () => {
    const path = releases.path("/updates/*/setup.zip");
    await put(path);
    const miss = await download(path);
    expect(miss).toMatchObject({
      status: 200,
      result: "Miss",
      headers: { "content-type": "application/zip" },
    });
    expect(miss.body.equals(FILE)).toBe(true);
    const hit = await download(path);
    expect(hit).toMatchObject({ status: 200, result: "Hit", originRequest: miss.originRequest });
    expect(hit.body.equals(FILE)).toBe(true);
    expect(hit.headers).toMatchObject({ etag: miss.headers["etag"], age: expect.stringMatching(/^\d+$/) });
  });

  test("can neither read what is there, nor remove it", async () => {
    const object = { Bucket: downloads().bucket, Key: archive.slice(1) };
    await expectDenied(s3.send(new GetObjectCommand(object)));
    await expectDenied(s3.send(new DeleteObjectCommand(object)));
  });
});

test("a file with a version never changes: what is put in its place does not reach those who have it", async () => {
  const path = releases.path("/updates/v1.0.0-*.zip");
  await releases.publish(path, "first");
  const first = await download(path);
  expect(first.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  await releases.publish(path, "second");
  expect(await download(path)).toMatchObject({ result: "Hit", body: Buffer.from("first") });
});

describe("a part of a file", () => {
  test.each([
    { range: "bytes=0-99", first: 0, last: 99 },
    { range: "bytes=100000-199999", first: 100_000, last: 199_999 },
    { range: "bytes=299000-400000", first: 299_000, last: 299_999 },
    { range: "bytes=-10", first: 299_990, last: 299_999 },
  ])("$range comes as 206, byte for byte", async ({ range, first, last }) => {
    const answer = await download(archive, { headers: { range } });
    expect(answer).toMatchObject({
      status: 206,
      result: "Hit",
      headers: { "content-range": `bytes ${first}-${last}/300000`, "accept-ranges": "bytes" },
    });
    expect(answer.body.equals(FILE.subarray(first, last + 1))).toBe(true);
  });

  test("of a file that is not cached comes at once, and the file is cached for all", async () => {
    const path = releases.path("/updates/v1.2.4-*.zip");
    await releases.publish(path, FILE);
    const part = await download(path, { headers: { range: "bytes=200000-200009" } });
    expect(part).toMatchObject({ status: 206, result: "Miss", body: FILE.subarray(200_000, 200_010) });
    const whole = await download(path);
    expect(whole.originRequest).toBe(part.originRequest);
    expect(whole.body.equals(FILE)).toBe(true);
  });

  test("behind its end is refused with its size", async () => {
    expect(await download(archive, { headers: { range: "bytes=300000-" } })).toMatchObject({
      status: 416,
      headers: { "content-range": "bytes */300000" },
    });
  });

  test("is of the file that was begun, or it is the whole of the present one", async () => {
    const { etag = "" } = (await download(archive, { method: "HEAD" })).headers;
    const range = "bytes=0-9";
    const same = await download(archive, { headers: { range, "if-range": etag } });
    expect(same).toMatchObject({ status: 206, body: FILE.subarray(0, 10) });
    const other = await download(archive, { headers: { range, "if-range": '"other"' } });
    expect(other.status).toBe(200);
    expect(other.body.equals(FILE)).toBe(true);
  });
});

describe("who has a file already", () => {
  test("is told so by its tag or its date, without its bytes", async () => {
    const { headers } = await download(archive, { method: "HEAD" });
    const { etag = "", "last-modified": modified = "" } = headers;
    for (const condition of [
      { "if-none-match": etag },
      { "if-none-match": `"other", W/${etag}` },
      { "if-modified-since": modified },
    ]) {
      const answer = await download(archive, { headers: condition });
      expect(answer).toMatchObject({ status: 304, result: "Hit", headers: { etag } });
      expect(answer.body).toHaveLength(0);
    }
  });

  test("in another version gets the present one", async () => {
    const answer = await download(archive, { headers: { "if-none-match": '"other"' } });
    expect(answer.status).toBe(200);
    expect(answer.body.equals(FILE)).toBe(true);
  });
});

describe("control 38: an answer of the distribution", () => {
  const PROTECTING = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "x-permitted-cross-domain-policies": "none",
  };

  test.each([
    { name: "a file", path: archive, status: 200, headers: {} },
    { name: "a part", path: archive, status: 206, headers: { range: "bytes=0-9" } },
    { name: "a file that is missing", path: "/updates/none.zip", status: 404, headers: {} },
  ])("($name) is for TLS alone, and no page's to frame or guess at", async ({ path, status, headers }) => {
    const answer = await download(path, { headers });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject(PROTECTING);
    expect(answer.headers["x-powered-by"]).toBeUndefined();
    expect(answer.headers["server"]).toBe("CloudFront");
  });

  test.each([
    { path: "/updates/v1.2.3.zip?a=1", method: "GET", status: 301 },
    { path: "/", method: "POST", status: 307 },
  ])("to plain HTTP is a redirect to HTTPS ($method $path)", async ({ path, method, status }) => {
    const headers = { host: "downloads.example.com", "x-forwarded-proto": "http" };
    expect(await download(path, { method, headers })).toMatchObject({
      status,
      result: "Redirect",
      headers: { location: `https://downloads.example.com${path}` },
    });
  });
});

describe("a web page", () => {
  test("of the allowed origin may read files, from the cache too, and one of another may not", async () => {
    for (const method of ["GET", "HEAD"]) {
      const { headers } = await download(archive, { method, headers: { origin: PAGE } });
      expect(headers).toMatchObject({
        "access-control-allow-origin": PAGE,
        "access-control-expose-headers": expect.stringContaining("Content-Range"),
      });
    }
    const { headers } = await download(archive, { headers: { origin: "https://other.example" } });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  test("asks beforehand at the edge, which knows the answer", async () => {
    const ask = (origin: string) =>
      download(archive, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "GET",
          "access-control-request-headers": "range",
        },
      });
    expect(await ask(PAGE)).toMatchObject({
      status: 204,
      result: "FunctionGeneratedResponse",
      headers: { "access-control-allow-origin": PAGE, "access-control-allow-methods": "GET, HEAD" },
    });
    const other = await ask("https://other.example");
    expect(other).toMatchObject({ status: 204, result: "FunctionGeneratedResponse" });
    expect(other.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("the application's other paths", () => {
  test("are asked of it each time, with the viewer's headers and its own host", async () => {
    const answers = [await download("/"), await download("/", { headers: { "user-agent": "<browser>" } })];
    expect(answers.map(({ status, result }) => [status, result])).toEqual([
      [200, "Miss"],
      [200, "Miss"],
    ]);
    expect(answers[0]?.originRequest).not.toBe(answers[1]?.originRequest);
    const page = answers[1]?.body.toString();
    expect(page).toContain("<tr><th>user-agent<td>&lt;browser>");
    expect(page).toMatch(/<tr><th>host<td>[a-z0-9.-]+\.elb\.amazonaws\.com\n/);
  });

  test("take what writes, and paths of files do not", async () => {
    const posted = await download("/form", { method: "POST", body: "a=1" });
    expect(posted.status).toBe(404);
    expect(JSON.parse(posted.body.toString())).toMatchObject({ requestId: posted.originRequest });
    for (const method of ["POST", "PUT", "DELETE"]) {
      const refused = await download(archive, { method });
      expect(refused).toMatchObject({ status: 403, result: "Error", originRequest: "undefined" });
    }
  });
});
