import { explainAwsFailure } from "../../internal/aws-errors";
import { checkEndpoint } from "../../internal/emulated-account";
import { findState } from "../bootstrap/state";
import { openBucket } from "../state/bucket";
import { describeLock } from "../state/unlock";
import { type Check, type Finding, note, ok, problem, problemsOf, skipped } from "./check";
import { quotaChecks } from "./quotas";
import { type Home, homeOf, type Stack } from "./stack";

/** Minutes that credentials should last: as long as a deployment of everything may take. */
const LEAST_MINUTES = 30;

/** What an environment's account has to offer a deployment. Everything is read with the credentials of the shell. */
export function awsChecks(environment: string, stack: Stack): Check[] {
  const home = homeOf(environment, stack);
  const credentials = lookOnce(() => credentialFindings(home));
  const behindThem = (name: string, look: () => Promise<readonly Finding[]>): Check => ({
    name,
    look: async () => {
      const right = (await credentials()).every(({ status }) => status !== "problem");
      return right ? await look() : [skipped(name, "needs credentials of the account")];
    },
  });
  return [
    { name: "credentials", look: credentials },
    behindThem("state", () => stateFindings(stack, home)),
    ...quotaChecks(stack, home).map(({ name, look }) => behindThem(name, look)),
  ];
}

/** Looks once, however often it is asked; what goes wrong is a problem. */
function lookOnce(look: () => Promise<Finding[]>): () => Promise<Finding[]> {
  let found: Promise<Finding[]> | undefined;
  return () => {
    found ??= look().catch((error: unknown) => problemsOf("credentials", error));
    return found;
  };
}

/** The account that the credentials are of, and how long they last; asked in the environment's region, which so must be enabled. */
async function credentialFindings({ environment, accountId, region }: Home): Promise<Finding[]> {
  checkEndpoint(environment, accountId);
  const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const explained = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw explainAwsFailure(error, {
        service: "STS",
        place: `region ${region}`,
        rights: "sts:GetCallerIdentity",
      });
    }
  };
  const credentials = await explained(fromNodeProviderChain({ clientConfig: { region } }));
  const client = new STSClient({ region, credentials });
  try {
    const { Account, Arn } = await explained(() => client.send(new GetCallerIdentityCommand({})));
    if (Account !== accountId) {
      return [
        problem(
          "credentials",
          `are of account ${Account}, not ${accountId}`,
          "log in to the environment's account",
        ),
      ];
    }
    return [ok("credentials", `${Arn} in ${region}`), ...expiry(credentials.expiration)];
  } finally {
    client.destroy();
  }
}

function expiry(at: Date | undefined): Finding[] {
  if (!at) return [];
  const minutes = Math.floor((at.getTime() - Date.now()) / 60_000);
  const what = `end in ${minutes} min`;
  return [
    minutes >= LEAST_MINUTES
      ? ok("credentials", what)
      : note("credentials", what, "log in again before a deployment"),
  ];
}

async function stateFindings({ terraform }: Stack, { environment }: Home): Promise<Finding[]> {
  const backend = terraform.backend.s3;
  if (!backend) return [skipped("state", "is in a file")];
  const place = `s3://${backend.bucket}/${backend.key}`;
  const found = await findState(backend);
  if (found === "nothing") {
    return [
      problem("state", `there is no bucket ${backend.bucket}`, `scripts/bootstrap ${environment} makes it`),
    ];
  }
  const own =
    found === "state"
      ? ok("state", place)
      : note("state", `${place} is not there yet`, "the first deployment makes it");
  const bucket = await openBucket(backend);
  try {
    const lock = await bucket.lock();
    if (!lock) return [own, ok("lock", "nobody holds the state")];
    const mend = `wait for its end; after one that was killed: scripts/state unlock ${environment}`;
    return [own, problem("lock", `the state ${describeLock(lock, new Date())}`, mend)];
  } finally {
    bucket.close();
  }
}
