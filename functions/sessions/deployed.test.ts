import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import { unzipSync } from "fflate";
import { Redis } from "iovalkey";
import { buildFunctions } from "../../modules/internal/function-bundle";
import { startTemporaryValkey, type TemporaryValkey } from "../../scripts/internal/temporary-valkey";

// The very bytes that are deployed, in a process of their own.

jest.setTimeout(300_000);

const event = {
  httpMethod: "POST",
  resource: "/sessions",
  path: "/sessions",
  headers: {},
  requestContext: { requestId: "request-1", authorizer: { claims: { sub: "user-1", token_use: "id" } } },
};
const CALLER = `
const { handler } = require("./index.js");
handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 5000 }).then((result) => {
  process.stdout.write("\\nRESULT " + JSON.stringify(result) + "\\n", () => process.exit(0));
});`;

let folder: string;
let server: TemporaryValkey;
let secrets: Server;
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "deployed-sessions-"));
  const { zipPath } = buildFunctions(resolve(__dirname, "..", ".."))["sessions"] ?? {};
  for (const [name, code] of Object.entries(unzipSync(readFileSync(zipPath as string)))) {
    writeFileSync(join(folder, name), code);
  }
  writeFileSync(join(folder, "caller.js"), CALLER);
  server = await startTemporaryValkey();
  secrets = createServer((request, response) => {
    request.on("data", (data) => asked.push(`${request.headers["x-amz-target"]} ${data}`));
    request.on("end", () => {
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(JSON.stringify({ SecretString: JSON.stringify({ password: "right" }) }));
    });
  }).listen(0, "127.0.0.1");
  await once(secrets, "listening");
});

afterAll(async () => {
  secrets.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Calls the function once, with these variables besides those that Lambda sets and the module gives. */
async function call(variables: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["caller.js"], {
    cwd: folder,
    env: {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
      CACHE_HOST: "127.0.0.1",
      CACHE_PORT: String(server.port),
      CACHE_TLS: "off",
      CACHE_AUTHENTICATION: "none",
      SESSION_IDLE_MINUTES: "30",
      SESSION_MAXIMUM_HOURS: "12",
      SESSION_REFRESH_GRACE_SECONDS: "10",
      SESSIONS_PER_PRINCIPAL: "10",
      RATE_LIMIT_PER_MINUTE: "60",
      RATE_LIMIT_BURST: "20",
      ...variables,
    },
  });
  let out = "";
  let complaint = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const [code] = await once(child, "close");
  const lines = `${out}\n${complaint}`.split("\n").filter((line) => line.startsWith("{"));
  const result = /^RESULT (.*)$/m.exec(out)?.[1] ?? "null";
  return { code, complaint, result: JSON.parse(result), lines: lines.map((line) => JSON.parse(line)) };
}

test("answers, and logs one line in JSON, without the token", async () => {
  const { result, lines } = await call();
  expect(result.statusCode).toBe(201);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    message: "request",
    service: "sessions",
    route: "POST /sessions",
    status: 201,
  });
  expect(JSON.stringify(lines)).not.toContain(JSON.parse(result.body).token.split(".")[2]);
});

test("control 26: the password comes from Secrets Manager, which is asked once", async () => {
  const admin = new Redis({ port: server.port });
  await admin.acl("SETUSER", "sessions", "on", ">right", "~sessions:*", "+@all");
  admin.disconnect();
  const { result } = await call({
    CACHE_AUTHENTICATION: "password",
    CACHE_SECRET_ARN: "arn:aws:secretsmanager:eu-west-1:111111111111:secret:cache",
    CACHE_USER: "sessions",
  });
  expect(result.statusCode).toBe(201);
  expect(asked).toEqual([
    'secretsmanager.GetSecretValue {"SecretId":"arn:aws:secretsmanager:eu-west-1:111111111111:secret:cache"}',
  ]);
});

describe("control 32: with TLS", () => {
  let tls: TlsServer;
  const certificate = () => join(folder, "certificate.pem");

  beforeAll(async () => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem"];
    const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    execFileSync("openssl", ["req", "-x509", ...key, ...name, "-days", "2", "-out", "certificate.pem"], {
      cwd: folder,
      stdio: "pipe",
    });
    const [pem, privateKey] = [certificate(), join(folder, "key.pem")].map((path) => readFileSync(path));
    // Valkey from the package speaks no TLS itself.
    tls = createTlsServer({ cert: pem, key: privateKey }, (socket) => {
      const upstream = connect(server.port, "127.0.0.1");
      socket.on("error", () => upstream.destroy());
      upstream.on("error", () => socket.destroy());
      socket.pipe(upstream).pipe(socket);
    }).listen(0, "127.0.0.1");
    await once(tls, "listening");
  });

  afterAll(() => {
    tls.close();
  });

  const overTls = (variables: Record<string, string>) =>
    call({ CACHE_TLS: "on", CACHE_PORT: String((tls.address() as AddressInfo).port), ...variables });

  test("the cache is used when its certificate is trusted and names it", async () => {
    const { result } = await overTls({ CACHE_HOST: "localhost", NODE_EXTRA_CA_CERTS: certificate() });
    expect(result.statusCode).toBe(201);
  });

  test("a certificate of nobody known is refused", async () => {
    const { result, lines } = await overTls({ CACHE_HOST: "localhost" });
    expect(result.statusCode).toBe(503);
    expect(JSON.stringify(lines)).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
  });

  test("a certificate of another host is refused", async () => {
    const { result, lines } = await overTls({
      CACHE_HOST: "127.0.0.1",
      NODE_EXTRA_CA_CERTS: certificate(),
    });
    expect(result.statusCode).toBe(503);
    expect(JSON.stringify(lines)).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
  });

  test("what does not speak TLS is not spoken to, and that is counted", async () => {
    const { result, lines } = await call({ CACHE_TLS: "on" });
    expect(result.statusCode).toBe(503);
    expect(lines).toContainEqual(expect.objectContaining({ service: "sessions", CacheUnavailable: 1 }));
  });
});

test("names a variable that is missing", async () => {
  const { code, complaint } = await call({ CACHE_HOST: "" });
  expect(code).toBe(1);
  expect(complaint).toContain("Error: environment: CACHE_HOST must be set, got nothing");
});
