/** The load balancer and the bucket are CloudFront's alone to ask: who goes round it is refused. */
import { readFileSync } from "node:fs";
import { CloudFrontClient, GetDistributionConfigCommand } from "@aws-sdk/client-cloudfront";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ORIGIN_HEADER } from "../modules/cdn-downloads";
import { readJson } from "../scripts/internal/json-file";
import { environmentDirectory } from "./internal/directory";
import { administratorConfig, endpoints } from "./internal/environment";
import { deployedStack } from "./internal/later-edge";
import { download, downloads, Releases } from "./internal/releases";

const releases = new Releases();
const path = releases.path("/updates/v1.2.3-*.zip");
let host: string;
let secret: string;

beforeAll(async () => {
  await releases.publish(path, "content");
  [host, secret] = await Promise.all([originHost(), originSecret()]);
});

afterAll(async () => {
  await releases.remove();
});

/** Domain name of the deployed load balancer. */
async function originHost(): Promise<string> {
  const client = new CloudFrontClient(administratorConfig());
  const { DistributionConfig } = await client.send(
    new GetDistributionConfigCommand({ Id: downloads().distributionId }),
  );
  client.destroy();
  return DistributionConfig?.Origins?.Items?.[0]?.DomainName ?? "";
}

async function originSecret(): Promise<string> {
  const client = new SecretsManagerClient(administratorConfig());
  const { SecretString } = await client.send(
    new GetSecretValueCommand({ SecretId: downloads().originSecretArn }),
  );
  client.destroy();
  return SecretString ?? "";
}

/** Asks the load balancer itself. */
function askOrigin(target: string, headers: Record<string, string>, method = "GET") {
  return download(target, { from: endpoints().endpoint, method, headers: { host, ...headers } });
}

describe("control 39: the load balancer, asked by its own name,", () => {
  test.each<[string, () => Record<string, string>]>([
    ["without the secret", () => ({})],
    ["with another text", () => ({ [ORIGIN_HEADER]: "guessed" })],
    ["with the beginning of the secret", () => ({ [ORIGIN_HEADER]: secret.slice(0, -1) })],
    [
      "with headers that claim to be CloudFront's",
      () => ({ via: "1.1 x.cloudfront.net (CloudFront)", "x-amz-cf-id": "x" }),
    ],
  ])("%s serves nothing, and asks nobody", async (_case, headers) => {
    for (const [target, method] of [
      [path, "GET"],
      ["/", "GET"],
      ["/form", "POST"],
    ] as const) {
      const answer = await askOrigin(target, headers(), method);
      // The application's answers, of whatever status, have its id of the request.
      expect(answer).toMatchObject({ status: 404, originRequest: "undefined" });
    }
  });

  test("with the secret, which CloudFront sends, serves", async () => {
    expect(secret).toMatch(/^[A-Za-z0-9]{48}$/);
    const answer = await askOrigin(path, { [ORIGIN_HEADER]: secret });
    expect(answer).toMatchObject({ status: 200, body: Buffer.from("content") });
  });
});

test("control 39: the bucket serves nobody without credentials", async () => {
  const { bucket } = downloads();
  for (const target of [`/${bucket}${path}`, `/${bucket}`]) {
    const answer = await download(target, { from: endpoints().endpoint });
    expect(answer.status).toBe(403);
    expect(answer.body.toString()).not.toContain("content");
  }
});

test("control 26: the secret is in no answer, in no output, and in nothing that is synthesised", async () => {
  const { terraformState } = environmentDirectory();
  const { outputs } = readJson<{ outputs: unknown }>(terraformState) ?? {};
  expect(JSON.stringify(outputs)).not.toContain(secret);
  expect(readFileSync(deployedStack(), "utf8")).not.toContain(secret);
  const page = await download("/", { headers: { [ORIGIN_HEADER]: "the viewer's own" } });
  expect(page.status).toBe(200);
  expect(page.body.toString() + JSON.stringify(page.headers)).not.toContain(secret);
});
