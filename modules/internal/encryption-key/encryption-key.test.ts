import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type Resource, synthesise } from "../synth-test";
import { EncryptionKey, type EncryptionKeyConfig } from ".";

const config: EncryptionKeyConfig = {
  name: "acme-test-data",
  description: "Encrypts the tests' data",
  accountId: "111111111111",
  deletionWindowDays: 30,
  deletionProtection: true,
};

const synth = (changes: Partial<EncryptionKeyConfig> = {}) =>
  synthesise((stack) => new EncryptionKey(stack, "key", { ...config, ...changes }));

test("control 24: the key is rotated", () => {
  expect(synth().one("aws_kms_key")["enable_key_rotation"]).toBe(true);
});

test("control 24: only the account administers the key", () => {
  expect(JSON.parse(synth().one("aws_kms_key")["policy"])["Statement"]).toEqual([
    {
      Sid: "AdministeredByAccount",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111111111111:root" },
      Action: ["kms:*"],
      Resource: ["*"],
    },
  ]);
});

test("further statements join the key policy", () => {
  const statement = { sid: "Extra", principals: "*" as const, actions: ["kms:Decrypt"], resources: ["*"] };
  const policy = JSON.parse(synth({ statements: [statement] }).one("aws_kms_key")["policy"]);
  expect(policy["Statement"].map(({ Sid }: { Sid: string }) => Sid)).toEqual([
    "AdministeredByAccount",
    "Extra",
  ]);
});

test.each([true, false])("prevent_destroy follows deletionProtection %s", (deletionProtection) => {
  const key = synth({ deletionProtection }).one("aws_kms_key");
  expect(key["lifecycle"]).toEqual({ prevent_destroy: deletionProtection });
});

test("the alias names the key", () => {
  expect(synth().one("aws_kms_alias")).toMatchObject({
    name: "alias/acme-test-data",
    target_key_id: expect.stringMatching(/^\$\{aws_kms_key\..+\.key_id\}$/),
  });
});

test("all of it is in the region of its provider", () => {
  const { json } = synthesise((stack) => {
    const provider = new AwsProvider(stack, "global", { alias: "global", region: "us-east-1" });
    new EncryptionKey(stack, "key", { ...config, provider });
  });
  const resources = Object.values<Resource>(json["resource"]).flatMap((byId) =>
    Object.values<Resource>(byId),
  );
  expect(resources.length).toBeGreaterThan(1);
  expect(resources.filter(({ provider }) => provider !== "aws.global")).toEqual([]);
});

test.each([6, 31, 7.5])("deletionWindowDays %s is refused", (deletionWindowDays) => {
  expect(() => synth({ deletionWindowDays })).toThrow(
    new Error(`deletionWindowDays must be a whole number from 7 to 30, got ${deletionWindowDays}`),
  );
});
