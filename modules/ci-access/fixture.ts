import { Label } from "../internal/label";
import { type Synthesised, synthesise, testLabel } from "../internal/synth-test";
import { CiAccess, type CiAccessConfig } from ".";

const STATE = "arn:aws:s3:::acme-test-tfstate-1234abcd";
const STATE_KEY = "arn:aws:kms:eu-west-1:111111111111:key/state";

/** Config of the tests: repository `acme/platform`, branch `main`, GitHub environment `production`. */
const CONFIG: CiAccessConfig = {
  label: testLabel,
  repository: "acme/platform",
  branch: "main",
  githubEnvironment: "production",
  oidcProvider: "managed",
  readState: [{ sid: "ReadState", actions: ["s3:GetObject"], resources: [`${STATE}/envs/test.tfstate`] }],
  changeState: [
    {
      sid: "ChangeState",
      actions: ["s3:GetObject", "s3:PutObject"],
      resources: [`${STATE}/envs/test.tfstate`],
    },
  ],
  protect: {
    roleArns: ["arn:aws:iam::111111111111:role/acme-test-api-gateway-logs-eu-west-1"],
    bucketArns: [STATE],
    keyArns: [STATE_KEY],
  },
  domainNames: ["shop.example.com"],
};

/** Names as long as a specification lets them be. */
export const longLabel = new Label({
  project: "abcdefghijklmnop",
  environment: "qrstuvwxyzabcdef",
  accountId: "111111111111",
  region: "eu-west-1",
});

/** The module alone, synthesised. */
export function synthesiseAccess(changes: Partial<CiAccessConfig> = {}): Synthesised {
  return synthesise((stack) => new CiAccess(stack, "ci", { ...CONFIG, ...changes }));
}

/** Policy documents of one role, as they are deployed. */
export function policiesOf(synthesised: Synthesised, role: "plan" | "apply"): unknown[] {
  const resources = synthesised.json["resource"];
  return ["aws_iam_policy", "aws_iam_role_policy"].flatMap((type) =>
    Object.entries<{ policy: string }>(resources[type])
      .filter(([id]) => id.startsWith(`ci_${role}_`))
      .map(([, { policy }]) => JSON.parse(policy)),
  );
}
