import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { openBucket } from "./bucket";

/** A stand-in of S3 with two versions of one state, of which the present one was cut off. e2e/bootstrap.test.ts has the real emulator. */
const VERSIONS: Readonly<Record<string, string>> = {
  broken: '{"version": 4, "serial": 8, "resou',
  whole: JSON.stringify({
    version: 4,
    serial: 7,
    lineage: "a-lineage",
    resources: [{ mode: "managed", type: "aws_kms_key", name: "data" }],
  }),
};
const LIST = `<ListVersionsResult>${Object.keys(VERSIONS)
  .map(
    (id, index) =>
      `<Version><Key>envs/prod.tfstate</Key><VersionId>${id}</VersionId><IsLatest>${index === 0}</IsLatest>` +
      `<LastModified>2026-11-24T1${1 - index}:00:00.000Z</LastModified><Size>10</Size></Version>`,
  )
  .join("")}</ListVersionsResult>`;

let server: Server;
const before = { ...process.env };

beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    const id = new URL(url, "http://localhost").searchParams.get("versionId");
    response.end(id === null ? LIST : VERSIONS[id]);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
});

afterAll(async () => {
  process.env = before;
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

test("a version that is no state does not hide those to go back to", async () => {
  const bucket = await openBucket({
    bucket: "states",
    key: "envs/prod.tfstate",
    region: "eu-west-1",
    use_path_style: true,
  });
  expect(await bucket.versions(10)).toEqual([
    { id: "broken", at: "2026-11-24T11:00:00.000Z", bytes: 10, current: true },
    { id: "whole", at: "2026-11-24T10:00:00.000Z", bytes: 10, current: false, serial: 7, resources: 1 },
  ]);
  bucket.close();
});
