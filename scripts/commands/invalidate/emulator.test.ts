/**
 * The command against the emulator, which answers as CloudFront's API does but has nothing to invalidate: it does not cache.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import {
  CloudFrontClient,
  CreateDistributionCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import { writeJson } from "../../internal/json-file";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../internal/temporary-emulator";

const ROOT = resolve(__dirname, "../../..");
let emulator: TemporaryEmulator;

type Invalidations = readonly { readonly id: string; readonly status: string }[];

let client: CloudFrontClient;
let variables: Record<string, string>;
let distributionId: string;

jest.setTimeout(120_000);

beforeAll(async () => {
  emulator = await startTemporaryEmulator("invalidate");
  variables = emulator.variables;
  client = new CloudFrontClient({
    endpoint: emulator.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  distributionId = await createDistribution();
}, 300_000);

afterAll(async () => {
  await emulator?.stop();
  // Last: there is none after a start that failed.
  client?.destroy();
});

async function createDistribution(): Promise<string> {
  const { Distribution } = await client.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: "downloads",
        Comment: "",
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: "alb",
              DomainName: "alb.example.com",
              CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: "https-only" },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: "alb",
          ViewerProtocolPolicy: "redirect-to-https",
          CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        },
      },
    }),
  );
  return Distribution?.Id ?? "";
}

/** Runs the command, which shows nothing but the result, and warns when it has sent nothing anew. */
function invalidate(...args: string[]): { distributionId: string; invalidations: Invalidations } {
  const { status, stdout, stderr } = spawnSync(
    join(ROOT, "scripts", "invalidate"),
    ["envs/local", "--json", "--wait", ...args],
    { encoding: "utf8", env: { ...process.env, ...variables, LOCAL_DIRECTORY: emulator.directory.path } },
  );
  expect(status).toBe(0);
  const result = JSON.parse(stdout);
  const isRepeated = result.invalidations.every(({ repeated }: { repeated: boolean }) => repeated);
  expect(stderr).toEqual(isRepeated ? expect.stringMatching(/^warning: nothing was sent anew: .*\n$/) : "");
  return result;
}

async function held(): Promise<string[]> {
  const { InvalidationList } = await client.send(
    new ListInvalidationsCommand({ DistributionId: distributionId }),
  );
  return (InvalidationList?.Items ?? []).map(({ Id }) => Id ?? "").sort();
}

test("a distribution is invalidated, in batches, once for a reference", async () => {
  const wildcards = Array.from({ length: 16 }, (_, index) => `/updates/${index}-*`);
  const args = ["--distribution", distributionId, ...wildcards, "/downloads/a%20b.zip"];
  const { invalidations: made } = invalidate(...args, "--reference", "v1");
  expect(made.map(({ status }) => status)).toEqual(["Completed", "Completed"]);
  expect(await held()).toEqual(made.map(({ id }) => id).sort());

  const { invalidations: again } = invalidate(...args, "--reference", "v1");
  expect(again.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
  expect(await held()).toHaveLength(2);

  invalidate(...args, "--reference", "v2");
  expect(await held()).toHaveLength(4);
});

test("the distribution is found by the real cdktf and Terraform, in the environment's state", async () => {
  // What a deployment leaves, but for the resources: outputs are read without them.
  writeJson(emulator.directory.terraformState, {
    version: 4,
    terraform_version: "1.11.0",
    serial: 1,
    lineage: "00000000-0000-4000-8000-000000000000",
    outputs: { distribution_id: { value: distributionId, type: "string" } },
    resources: [],
  });
  const before = await held();
  const { distributionId: found, invalidations } = invalidate("/updates/*");
  expect(found).toBe(distributionId);
  expect(await held()).toEqual([...before, ...invalidations.map(({ id }) => id)].sort());
});
