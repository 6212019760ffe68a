import { runningEmulator } from "../../scripts/commands/local/emulator";
import { type Endpoints, endpointsOf, readOutputs } from "../../scripts/commands/local/outputs";
import { DIRECTORY_VARIABLE, environmentDirectory } from "./directory";

/** The emulator's root user: what an administrator of the account may do. */
export const ADMINISTRATOR = { accessKeyId: "test", secretAccessKey: "test" } as const;

/**
 * Where the environment under test is reached.
 *
 * @throws Error when it does not run or was not deployed
 */
export function endpoints(): Endpoints {
  const directory = environmentDirectory();
  const emulator = runningEmulator(directory);
  const outputs = readOutputs(directory);
  if (!emulator || !outputs) {
    throw new Error(`${DIRECTORY_VARIABLE}: no environment is up in ${directory.path}`);
  }
  return endpointsOf(outputs, emulator.port);
}

/** Environment variables by which a command of `scripts/` is an administrator of the environment. */
export function administratorVariables(): Record<string, string | undefined> {
  const { endpoint, region } = endpoints();
  return {
    ...process.env,
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: ADMINISTRATOR.accessKeyId, AWS_SECRET_ACCESS_KEY: ADMINISTRATOR.secretAccessKey },
  };
}

/** What every client of the AWS SDK is made with to be an administrator of the environment. */
export function administratorConfig() {
  const { endpoint, region } = endpoints();
  return { endpoint, region, credentials: ADMINISTRATOR };
}
