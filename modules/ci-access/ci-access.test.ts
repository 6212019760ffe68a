import { longLabel, policiesOf, synthesiseAccess } from "./fixture";
import { POLICY_CHARACTERS, shareOut } from "./policies";

const access = synthesiseAccess();

test("the provider is GitHub's, for AWS alone", () => {
  expect(access.one("aws_iam_openid_connect_provider")).toMatchObject({
    url: "https://token.actions.githubusercontent.com",
    client_id_list: ["sts.amazonaws.com"],
  });
});

test("an account's provider is taken where there is one", () => {
  const existing = synthesiseAccess({ oidcProvider: "existing" });
  expect(existing.types).not.toContain("aws_iam_openid_connect_provider");
  for (const { assume_role_policy } of existing.all("aws_iam_role")) {
    expect(JSON.parse(assume_role_policy)["Statement"][0]["Principal"]).toEqual({
      Federated: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
    });
  }
});

test("roles and policies of pipelines are in a folder apart from the environment's", () => {
  for (const { path } of [...access.all("aws_iam_role"), ...access.all("aws_iam_policy")]) {
    expect(path).toBe("/ci/");
  }
  expect(access.all("aws_iam_role").map(({ name }) => name)).toEqual([
    "acme-test-ci-apply",
    "acme-test-ci-plan",
  ]);
});

test.each([
  ["plan", 3600],
  ["apply", 7200],
])("a session of %s lasts %s seconds at most", (role, seconds) => {
  expect(access.one("aws_iam_role", `ci_${role}_`)["max_session_duration"]).toBe(seconds);
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
describe("the policies fit IAM's quotas", () => {
  test.each([
    ["short names", synthesiseAccess()],
    ["the longest names", synthesiseAccess({ label: longLabel })],
    [
      "many domains and secrets",
      synthesiseAccess({
        domainNames: Array.from({ length: 6 }, (_, index) => `${"d".repeat(40)}${index}.example.com`),
        clientSecretArns: Array.from(
          { length: 4 },
          (_, index) => `arn:aws:secretsmanager:eu-west-1:111111111111:secret:provider-${index}-AbCdEf`,
        ),
      }),
    ],
  ])("with %s", (_case, synthesised) => {
    for (const { policy } of synthesised.all("aws_iam_policy")) {
      expect(policy.length).toBeLessThanOrEqual(POLICY_CHARACTERS);
    }
    for (const role of ["plan", "apply"] as const) {
      // One of them is the role's own, which counts against another quota.
      expect(policiesOf(synthesised, role).length - 1).toBeLessThanOrEqual(10);
      const { policy } = synthesised.one("aws_iam_role_policy", `ci_${role}_`);
      expect(policy.length).toBeLessThan(10_240);
    }
  });
});

test("every policy of a role is attached to it", () => {
  const attached = access.all("aws_iam_role_policy_attachment").length;
  expect(attached).toBe(access.all("aws_iam_policy").length - 1);
});

describe("sharing statements out", () => {
  const statement = (sid: string, count: number) => ({
    sid,
    actions: ["s3:GetObject"],
    resources: Array.from({ length: count }, (_, index) => `arn:aws:s3:::bucket-${index}/*`),
  });

  test("fills a policy before it begins another, the longest first", () => {
    const shared = shareOut([statement("Small", 10), statement("Large", 180), statement("Medium", 100)]);
    expect(shared.map((policy) => policy.map(({ sid }) => sid))).toEqual([["Large", "Small"], ["Medium"]]);
  });

  test("names the statement that no policy can hold", () => {
    expect(() => shareOut([statement("Huge", 400)])).toThrow(
      new Error("Huge is longer than a policy may be, 6144 characters"),
    );
  });
});
