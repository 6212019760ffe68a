import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { S3Client } from "@aws-sdk/client-s3";
import { boundedClientConfig } from "../../runtime";
import { type RunningService, serve } from "../internal";
import { recordingLogger } from "../internal/recording-logger";
import { updatesRoutes } from "./routes";
import { fileStoreProblem, S3FileStore } from "./s3-file-store";
import { etagOf, fail, LAST_MODIFIED, type S3Stub, startS3Stub } from "./s3-stub";

const ARCHIVE = "0123456789abcdef";
const OBJECTS = {
  "updates/v1.2.3.zip": ARCHIVE,
  "updates/notes.html": "<p>New.",
  "updates/latest-stable": "1.2.3",
  "updates/latest-beta": "1.3.0-beta",
  "downloads/installer-mac-arm64": "mac",
  "downloads/installer-windows-x64": "windows",
  "downloads/app-latest.zip": "latest",
};

let s3: S3Stub;
let service: RunningService;
let client: S3Client;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  s3 = await startS3Stub(OBJECTS);
  client = new S3Client({
    ...boundedClientConfig(),
    endpoint: s3.endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const recording = recordingLogger("updates");
  lines = recording.lines;
  service = await serve({
    settings: { host: "127.0.0.1", port: 0, drainSeconds: 0 },
    logger: recording.logger,
    problemOf: fileStoreProblem,
    routes: updatesRoutes({
      files: new S3FileStore({ client, bucket: "releases" }),
      logger: recording.logger,
    }),
  });
});

afterEach(async () => {
  await service.stop();
  client.destroy();
  await s3.close();
});

async function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  const response = await fetch(`http://127.0.0.1:${service.port}${path}`, { method, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test("a file comes whole, with what a cache wants to know", async () => {
  const { status, headers, text } = await get("/updates/v1.2.3.zip");
  expect(status).toBe(200);
  expect(text).toBe(ARCHIVE);
  expect(Object.fromEntries(headers)).toMatchObject({
    etag: etagOf(ARCHIVE),
    "last-modified": LAST_MODIFIED,
    "content-length": "16",
    "content-type": "application/zip",
    "accept-ranges": "bytes",
    "cache-control": "public, max-age=31536000, immutable",
  });
});

test("HEAD tells the same without the file, and does not read it", async () => {
  const whole = await get("/updates/v1.2.3.zip");
  const { status, headers, text } = await get("/updates/v1.2.3.zip", {}, "HEAD");
  expect(status).toBe(200);
  expect(text).toBe("");
  for (const name of ["etag", "last-modified", "content-length", "content-type", "cache-control"]) {
    expect(headers.get(name)).toBe(whole.headers.get(name));
  }
  expect(s3.calls.map(({ method }) => method)).toEqual(["GET", "HEAD"]);
});

test.each([
  ["a versioned name, for ever", "/updates/v1.2.3.zip", "public, max-age=31536000, immutable"],
  ["a name without a version, for an hour", "/updates/notes.html", "public, max-age=3600"],
  ["the newest, for minutes", "/updates/latest", "public, max-age=300"],
  ["a name that says latest, for minutes", "/downloads/app-latest.zip", "public, max-age=300"],
  [
    "what a query chooses, for minutes",
    "/downloads/installer?platform=mac&arch=arm64",
    "public, max-age=300",
  ],
])("%s", async (_case, path, caching) => {
  const { status, headers } = await get(path);
  expect(status).toBe(200);
  expect(headers.get("cache-control")).toBe(caching);
});

describe("a part", () => {
  test.each([
    ["from the middle", "bytes=4-7", "4567", "bytes 4-7/16"],
    ["to the end", "bytes=12-", "cdef", "bytes 12-15/16"],
    ["of the end", "bytes=-2", "ef", "bytes 14-15/16"],
    ["beyond the end", "bytes=14-99", "ef", "bytes 14-15/16"],
  ])("%s is sent alone", async (_case, range, expected, contentRange) => {
    const { status, headers, text } = await get("/updates/v1.2.3.zip", { range });
    expect(status).toBe(206);
    expect(text).toBe(expected);
    expect(headers.get("content-range")).toBe(contentRange);
    expect(headers.get("content-length")).toBe(String(expected.length));
  });

  test("that is not there is refused, telling the size", async () => {
    const { status, headers } = await get("/updates/v1.2.3.zip", { range: "bytes=16-" });
    expect(status).toBe(416);
    expect(headers.get("content-range")).toBe("bytes */16");
  });

  test.each(["bytes=0-1,4-5", "lines=1-2", "bytes=a-b"])(
    "in a form that is not served, %s, is the whole",
    async (range) => {
      const { status, text } = await get("/updates/v1.2.3.zip", { range });
      expect(status).toBe(200);
      expect(text).toBe(ARCHIVE);
    },
  );

  test.each([
    ["this file", etagOf(ARCHIVE), 206, "01"],
    ["another file, which is sent whole", '"other"', 200, ARCHIVE],
    ["a date, which tells too little", LAST_MODIFIED, 200, ARCHIVE],
    ["a weak tag, which tells too little", `W/${etagOf(ARCHIVE)}`, 200, ARCHIVE],
  ])("if it is of %s", async (_case, ifRange, status, text) => {
    const answer = await get("/updates/v1.2.3.zip", { range: "bytes=0-1", "if-range": ifRange });
    expect(answer).toMatchObject({ status, text });
  });
});

describe("what the client has", () => {
  test.each<[string, Record<string, string>, number]>([
    ["by its tag", { "if-none-match": etagOf(ARCHIVE) }, 304],
    ["by its tag in the weak form", { "if-none-match": `W/${etagOf(ARCHIVE)}` }, 304],
    ["by one tag of several", { "if-none-match": `"x", ${etagOf(ARCHIVE)}` }, 304],
    ["by any tag", { "if-none-match": "*" }, 304],
    ["by another tag", { "if-none-match": '"x"' }, 200],
    ["by several other tags", { "if-none-match": '"x", "y"' }, 200],
    ["by its time", { "if-modified-since": LAST_MODIFIED }, 304],
    ["by an earlier time", { "if-modified-since": "Tue, 14 Nov 2023 22:13:19 GMT" }, 200],
    ["by a time that is none", { "if-modified-since": "yesterday" }, 200],
    ["by a time that HTTP cannot write", { "if-modified-since": "+012345-01-01T00:00:00Z" }, 200],
    [
      "by another tag, which goes before the time",
      { "if-none-match": '"x"', "if-modified-since": LAST_MODIFIED },
      200,
    ],
  ])("%s", async (_case, headers, status) => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await get("/updates/v1.2.3.zip", headers, method);
      expect(answer.status).toBe(status);
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(answer.headers.get("etag")).toBe(etagOf(ARCHIVE));
    }
  });

  test.each<[string, Record<string, string>]>([
    ["another tag", { "if-match": '"x"' }],
    ["an earlier time", { "if-unmodified-since": "Tue, 14 Nov 2023 22:13:19 GMT" }],
  ])("must be it, and has %s: 412", async (_case, headers) => {
    expect((await get("/updates/v1.2.3.zip", headers)).status).toBe(412);
  });
});

test.each([
  ["stable where nothing is said", {}, "1.2.3"],
  ["beta", { "x-update-channel": "beta" }, "1.3.0-beta"],
])("the newest update is chosen by a header: %s", async (_case, headers, text) => {
  const answer = await get("/updates/latest", headers as Record<string, string>);
  expect(answer.text).toBe(text);
  expect(answer.headers.get("vary")).toBe("X-Update-Channel");
});

test("the installer is chosen by query parameters, in any order", async () => {
  expect((await get("/downloads/installer?platform=mac&arch=arm64")).text).toBe("mac");
  expect((await get("/downloads/installer?arch=x64&utm=1&platform=windows")).text).toBe("windows");
});

test("what chooses and is unknown is named", async () => {
  const { status, text } = await get("/downloads/installer?platform=amiga");
  expect(status).toBe(400);
  expect(JSON.parse(text).errors).toEqual([
    { parameter: "platform", detail: "must be one of linux, mac, windows" },
    { parameter: "arch", detail: "must be one of arm64, x64" },
  ]);
  expect((await get("/updates/latest", { "x-update-channel": "gamma" })).status).toBe(400);
});

test.each([
  "/updates/none.zip",
  "/updates/",
  "/updates/..%2Fsecret",
  "/updates/%2e%2e/x",
  "/updates//x",
  "/other",
])("%s is not found, as a problem that may not be kept", async (path) => {
  const { status, headers, text } = await get(path);
  expect(status).toBe(404);
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(JSON.parse(text).status).toBe(404);
});

test.each([
  ["a letter that is encoded", "/updates/%761.2.3.zip"],
  ["a segment that is none", "/updates/./v1.2.3.zip"],
  ["a way back", "/downloads/../updates/v1.2.3.zip"],
  ["an encoded way back", "/updates/%2e%2e%2fx"],
  ["a backslash", "/updates/x\\..\\v1.2.3.zip"],
])(
  "a file has one path: another form, with %s, names none, and is not asked of the bucket",
  async (_case, path) => {
    // As it is: fetch would write it anew.
    const sent = request({ host: "127.0.0.1", port: service.port, path }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    response.resume();
    expect([400, 404]).toContain(response.statusCode);
    expect(s3.calls).toEqual([]);
  },
);

test("a path may come with its host, as to a proxy", async () => {
  const path = `http://127.0.0.1:${service.port}/updates/v1.2.3.zip?x=1`;
  const sent = request({ host: "127.0.0.1", port: service.port, path }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
});

test("the front page shows how the request came, and nothing secret of it", async () => {
  const { headers, text } = await get("/", {
    via: "2.0 <edge>",
    cookie: "session=secret-1",
    authorization: "Bearer secret-2",
    "x-origin-verify": "secret-3",
  });
  expect(headers.get("content-type")).toMatch(/^text\/html/);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(text).toContain("<tr><th>via<td>2.0 &lt;edge>");
  expect(text).not.toContain("secret");
});

test("control 12: a bucket that does not answer is told as 504 before the request's time is up", async () => {
  s3.intercept = () => true;
  const startedAt = performance.now();
  expect((await get("/updates/v1.2.3.zip")).status).toBe(504);
  expect(performance.now() - startedAt).toBeLessThan(10_500);
}, 20_000);

test("a bucket that may not be read is a fault of the service, without its words", async () => {
  s3.intercept = (_call, response) => {
    fail(response, 403, "AccessDenied");
    return true;
  };
  const { status, text } = await get("/updates/v1.2.3.zip");
  expect(status).toBe(500);
  expect(text).not.toContain("AccessDenied");
  expect(lines).toContainEqual(expect.objectContaining({ level: "ERROR", message: "failed" }));
});

describe("a large file", () => {
  const CHUNK = Buffer.alloc(64 * 1024, "x");

  /** An endless object; tells how much was taken of it, and when it is given up. */
  function endless() {
    const state = { sent: 0, closed: Promise.resolve() };
    s3.intercept = (_call, response) => {
      response.writeHead(200, { ETag: '"x"', "Content-Length": String(1024 ** 3) });
      state.closed = once(response, "close").then(() => undefined);
      const write = () => {
        while (!response.destroyed) {
          state.sent += CHUNK.byteLength;
          if (!response.write(CHUNK)) break;
        }
        response.once("drain", write);
      };
      write();
      return true;
    };
    return state;
  }

  async function open() {
    const sent = request({ host: "127.0.0.1", port: service.port, path: "/updates/v9.9.iso" });
    sent.on("error", () => undefined);
    sent.end();
    const [response] = await once(sent, "response");
    return { sent, response };
  }

  test("is never held whole: a client that does not read stops the bucket", async () => {
    const state = endless();
    const { sent } = await open();
    let before = -1;
    while (state.sent !== before) {
      before = state.sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(state.sent).toBeLessThan(64 * 1024 * 1024);
    sent.destroy();
    await state.closed;
  }, 20_000);

  test("is given up when its client has gone, and the line says so", async () => {
    const state = endless();
    const { sent, response } = await open();
    await once(response, "data");
    sent.destroy();
    await state.closed;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lines).toContainEqual(
      expect.objectContaining({ message: "request", route: "GET /updates/*", status: 200, aborted: true }),
    );
  });
});
