import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type Resource, synthesise, testLabel } from "../internal/synth-test";
import { AlarmTopic, type AlarmTopicConfig } from ".";

const config: AlarmTopicConfig = {
  label: testLabel,
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/data",
  emails: ["ops@example.com", "on-call@example.com"],
};

const synth = (changes: Partial<AlarmTopicConfig> = {}) =>
  synthesise((stack) => new AlarmTopic(stack, "alarms", { ...config, ...changes }));

const statements: Resource[] = JSON.parse(synth().one("aws_sns_topic_policy")["policy"])["Statement"];
const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid);

test("control 24: the topic is encrypted with the customer-managed key", () => {
  expect(synth().one("aws_sns_topic")["kms_master_key_id"]).toBe(config.kmsKeyArn);
});

test("plain HTTP is denied", () => {
  expect(statement("DenyPlainHttp")).toMatchObject({
    Effect: "Deny",
    Principal: "*",
    Action: ["sns:Publish"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
});

test("control 43: only alarms of this environment and account publish", () => {
  expect(statements.filter(({ Effect }) => Effect === "Allow")).toHaveLength(1);
  expect(statement("PublishAlarms")).toMatchObject({
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["sns:Publish"],
    Condition: {
      StringEquals: { "aws:SourceAccount": "111111111111" },
      ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:acme-test-*" },
    },
  });
});

test("every address is subscribed", () => {
  const subscriptions = synth().all("aws_sns_topic_subscription");
  expect(subscriptions.map(({ protocol, endpoint }) => [protocol, endpoint])).toEqual([
    ["email", "on-call@example.com"],
    ["email", "ops@example.com"],
  ]);
});

test("removing an address leaves the ids of the others", () => {
  const ids = (emails: string[]) =>
    Object.keys(synth({ emails }).json["resource"]["aws_sns_topic_subscription"]);
  expect(ids([...config.emails])).toContain(ids(["on-call@example.com"])[0]);
});

test("all of it is in the region of its provider", () => {
  const { json } = synthesise((stack) => {
    const provider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    new AlarmTopic(stack, "alarms", { ...config, provider });
  });
  const resources = Object.values<Resource>(json["resource"]).flatMap((byId) =>
    Object.values<Resource>(byId),
  );
  expect(resources.length).toBeGreaterThan(1);
  expect(resources.filter(({ provider }) => provider !== "aws.global")).toEqual([]);
});

test.each([
  { emails: ["ops"], message: 'emails[0] must be an e-mail address, got "ops"' },
  { emails: ["a@b.org", "a@b.org"], message: 'emails[1]: "a@b.org" comes twice; remove one' },
])("emails $emails are refused", ({ emails, message }) => {
  expect(() => synth({ emails })).toThrow(new Error(message));
});
