import { explainAwsFailure } from "./aws-errors";
import { CommandError, EXIT } from "./cli";
import { checkEndpoint } from "./emulated-account";

const before = process.env["AWS_ENDPOINT_URL"];
const EMULATOR = "http://127.0.0.1:4566";

afterEach(() => setEndpoint(before));

function setEndpoint(url: string | undefined): void {
  if (url === undefined) delete process.env["AWS_ENDPOINT_URL"];
  else process.env["AWS_ENDPOINT_URL"] = url;
}

/** An error as clients of AWS throw it. */
function thrown(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

const explain = (error: unknown) =>
  explainAwsFailure(error, { service: "SQS", place: "queue stock", rights: "sqs:SendMessage" });

const refused = thrown("Error", "connect ECONNREFUSED 127.0.0.1:4566", { code: "ECONNREFUSED" });

describe("a failure is told with what to do about it:", () => {
  test.each<[string, Error, string | undefined, string, number]>([
    [
      "credentials that do not allow it",
      thrown("AccessDenied", "no"),
      undefined,
      "queue stock: these credentials are refused: no; allow them sqs:SendMessage on it, or log in to the environment's account",
      EXIT.credentials,
    ],
    [
      "the sample user's credentials",
      thrown("AccessDenied", "no"),
      EMULATOR,
      'queue stock: these credentials are refused: no; allow them sqs:SendMessage on it; the administrator of the local environment is eval "$(scripts/local env)", without --user',
      EXIT.credentials,
    ],
    [
      "no credentials",
      thrown("CredentialsProviderError", "none"),
      undefined,
      "AWS: the credentials are missing, have expired or are wrong (CredentialsProviderError); log in, e.g. aws sso login, then run the same command again",
      EXIT.credentials,
    ],
    [
      "no credentials for the emulator",
      thrown("CredentialsProviderError", "none"),
      EMULATOR,
      'AWS: the credentials are missing, have expired or are wrong (CredentialsProviderError); run scripts/local up, then eval "$(scripts/local env)"',
      EXIT.credentials,
    ],
    [
      "no network",
      thrown("Error", "getaddrinfo ENOTFOUND sqs.aws", { code: "ENOTFOUND" }),
      undefined,
      "SQS: could not be reached: getaddrinfo ENOTFOUND sqs.aws",
      EXIT.failed,
    ],
    [
      "an emulator that is down",
      refused,
      EMULATOR,
      'emulator: does not answer at http://127.0.0.1:4566: connect ECONNREFUSED 127.0.0.1:4566; run scripts/local up, then eval "$(scripts/local env)"',
      EXIT.failed,
    ],
    [
      // Where a name has several addresses, the error is one of all, and has no words of its own.
      "an emulator that is down, at several addresses",
      Object.assign(new AggregateError([refused]), { code: "ECONNREFUSED" }),
      "http://localhost:4566",
      'emulator: does not answer at http://localhost:4566: ECONNREFUSED; run scripts/local up, then eval "$(scripts/local env)"',
      EXIT.failed,
    ],
    [
      "what AWS answers otherwise",
      thrown("Throttling", "slow down", { $metadata: {} }),
      undefined,
      "queue stock: SQS answered Throttling: slow down",
      EXIT.failed,
    ],
  ])("%s", (_, error, endpoint, message, exitCode) => {
    setEndpoint(endpoint);
    expect(explain(error)).toMatchObject({ name: "CommandError", message, exitCode });
  });

  test("a fault of the command itself, or what is told already, stays as it is", () => {
    const told = new CommandError("queue stock", "is not deployed");
    expect(explain(told)).toBe(told);
    const fault = new TypeError("x is undefined");
    expect(explain(fault)).toBe(fault);
  });
});

test.each<[string, string, string | undefined, string | undefined]>([
  [
    "a local environment without its emulator",
    "000000000000",
    undefined,
    'envs/x: is local, and AWS_ENDPOINT_URL names no emulator; run scripts/local up, then eval "$(scripts/local env)"',
  ],
  ["a local environment with its emulator", "000000000000", EMULATOR, undefined],
  [
    "an environment of AWS with the emulator",
    "111111111111",
    EMULATOR,
    "envs/x: is of account 111111111111, but AWS_ENDPOINT_URL is http://127.0.0.1:4566; use another shell than that of scripts/local env",
  ],
  ["an environment of AWS", "111111111111", undefined, undefined],
])("the shell of %s", (_, accountId, endpoint, message) => {
  setEndpoint(endpoint);
  const check = () => checkEndpoint("envs/x", accountId);
  if (message === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(new Error(message));
});
