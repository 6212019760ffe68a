import { fieldOf, parseSecretReference } from "./secret-reference";

const ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:orders-AbCdEf";

test.each([
  ["a whole secret", ARN, { kind: "secret", id: ARN }],
  ["a field of it", `${ARN}:password::`, { kind: "secret", id: ARN, jsonKey: "password" }],
  ["a version's stage", `${ARN}::AWSPREVIOUS:`, { kind: "secret", id: ARN, versionStage: "AWSPREVIOUS" }],
  [
    "a field of one version",
    `${ARN}:password::0a1b`,
    { kind: "secret", id: ARN, jsonKey: "password", versionId: "0a1b" },
  ],
  ["a parameter's name", "/orders/mode", { kind: "parameter", name: "/orders/mode" }],
  [
    "a parameter's ARN",
    "arn:aws:ssm:us-east-1:000000000000:parameter/mode",
    { kind: "parameter", name: "arn:aws:ssm:us-east-1:000000000000:parameter/mode" },
  ],
])("%s", (_, valueFrom, expected) => {
  expect(parseSecretReference(valueFrom)).toEqual(expected);
});

test("an ARN of something else is refused", () => {
  expect(() => parseSecretReference("arn:aws:s3:::bucket/key")).toThrow(
    "valueFrom must name a secret or a parameter, got arn:aws:s3:::bucket/key",
  );
});

test("a field is taken as it is, or as JSON", () => {
  expect(fieldOf('{"password":"a\\"b","port":5432}', "password")).toBe('a"b');
  expect(fieldOf('{"password":"a","port":5432}', "port")).toBe("5432");
});

test("what is missing is named, and no value told", () => {
  expect(() => fieldOf('{"password":"s3cret"}', "user")).toThrow(/^the secret has no field "user"$/);
  expect(() => fieldOf("null", "user")).toThrow(/^the secret has no field "user"$/);
  expect(() => fieldOf("s3cret", "user")).toThrow(
    /^the secret is no JSON object, and "user" is to be taken out of it$/,
  );
});
