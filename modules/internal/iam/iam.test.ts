import { synthesise } from "../synth-test";
import { policyDocument, Role, trustDocument } from ".";

const read = { sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::files/*"] };

describe("policyDocument", () => {
  test("renders a statement in IAM's grammar, allowing by default", () => {
    expect(JSON.parse(policyDocument([read]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::files/*"] },
      ],
    });
  });

  test("renders effect, principals and conditions where given", () => {
    const statement = {
      ...read,
      effect: "Deny",
      principals: { Service: "logs.amazonaws.com" },
      conditions: { StringEquals: { "aws:SourceAccount": "111111111111" } },
    } as const;
    expect(JSON.parse(policyDocument([statement]))["Statement"][0]).toMatchObject({
      Effect: "Deny",
      Principal: { Service: "logs.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
    });
  });

  test("refuses two statements of one sid, which IAM would refuse too late", () => {
    expect(() => policyDocument([read, read])).toThrow(
      new Error('policy: two statements have the sid "Read"; give each its own'),
    );
  });
});

describe("trustDocument", () => {
  test("lets the principal assume the role by default", () => {
    expect(JSON.parse(trustDocument([{ principals: { Service: "lambda.amazonaws.com" } }]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ],
    });
  });

  test("control 22: carries actions and conditions", () => {
    const conditions = { StringEquals: { "cognito-identity.amazonaws.com:aud": "pool" } };
    const document = trustDocument([
      {
        principals: { Federated: "cognito-identity.amazonaws.com" },
        actions: ["sts:AssumeRoleWithWebIdentity"],
        conditions,
      },
    ]);
    expect(JSON.parse(document)["Statement"][0]).toMatchObject({
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: conditions,
    });
  });
});

describe("Role", () => {
  const synth = (maxSessionSeconds?: number) =>
    synthesise(
      (stack) =>
        new Role(stack, "reader", {
          name: "acme-test-reader",
          trust: [{ principals: { Service: "lambda.amazonaws.com" } }],
          statements: [read],
          ...(maxSessionSeconds !== undefined && { maxSessionSeconds }),
        }),
    );

  test("control 21: the role may do what its statements say and nothing else", () => {
    const result = synth();
    expect(result.types.sort()).toEqual(["aws_iam_role", "aws_iam_role_policy"]);
    expect(result.one("aws_iam_role_policy")).toMatchObject({
      name: "access",
      role: expect.stringMatching(/^\$\{aws_iam_role\..+\.name\}$/),
      policy: policyDocument([read]),
    });
  });

  test("a role that may do nothing has no policy, which AWS would refuse", () => {
    const trust = [{ principals: { Service: "lambda.amazonaws.com" } }];
    const result = synthesise((stack) => new Role(stack, "none", { name: "none", trust, statements: [] }));
    expect(result.types).toEqual(["aws_iam_role"]);
  });

  test("only the trusted principal assumes it", () => {
    expect(synth().one("aws_iam_role")).toMatchObject({
      name: "acme-test-reader",
      assume_role_policy: trustDocument([{ principals: { Service: "lambda.amazonaws.com" } }]),
    });
  });

  test.each([
    { given: undefined, seconds: 3600 },
    { given: 7200, seconds: 7200 },
  ])("a session lasts $seconds seconds at most, given $given", ({ given, seconds }) => {
    expect(synth(given).one("aws_iam_role")["max_session_duration"]).toBe(seconds);
  });
});
