import { CommandError } from "../../internal/cli";
import { readJson } from "../../internal/json-file";
import type { LocalDirectory } from "./directory";
import { endpointUrl } from "./settings";

/** Outputs of envs/local, as Terraform has them. */
export interface StackOutputs {
  /** URL of the to-do API's stage on AWS, e.g. `https://<id>.execute-api.us-east-1.amazonaws.com/v1`. */
  readonly todo_api_url: string;
  readonly user_pool_id: string;
  readonly mobile_client_id: string;
  readonly identity_pool_id: string;
  readonly user_files_bucket: string;
  readonly region: string;
  readonly hosted_domain_url: string;
}

const NAMES = [
  "todo_api_url",
  "user_pool_id",
  "mobile_client_id",
  "identity_pool_id",
  "user_files_bucket",
  "region",
  "hosted_domain_url",
] as const satisfies readonly (keyof StackOutputs)[];

/** The deployed environment as its clients reach it. */
export interface Endpoints {
  /** The emulator: every AWS API. */
  readonly endpoint: string;
  /** The to-do API; the contract's paths follow, e.g. `/todos`. */
  readonly apiUrl: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly identityPoolId: string;
  readonly bucket: string;
  readonly region: string;
  /** The sign-in page on AWS; the emulator serves none by that name. */
  readonly hostedDomainUrl: string;
}

/**
 * Reads the outputs from Terraform's state.
 *
 * @throws CommandError naming every output that is missing
 */
export function parseOutputs(directory: LocalDirectory): StackOutputs {
  const state = readJson<{ outputs?: Record<string, { value: unknown }> }>(directory.terraformState);
  const outputs = state?.outputs ?? {};
  const missing = NAMES.filter((name) => outputs[name] === undefined);
  if (missing.length > 0) {
    throw new CommandError("envs/local", `the deployed stack has no output ${missing.join(", ")}`);
  }
  return Object.fromEntries(NAMES.map((name) => [name, outputs[name]?.value])) as unknown as StackOutputs;
}

/** Outputs of the last deployment that succeeded; undefined before the first. */
export function readOutputs(directory: LocalDirectory): StackOutputs | undefined {
  return readJson<StackOutputs>(directory.outputs);
}

/** What clients use instead of AWS's addresses: everything is behind the emulator's one port. */
export function endpointsOf(outputs: StackOutputs, port: number): Endpoints {
  return {
    endpoint: endpointUrl(port),
    apiUrl: reachableApiUrl(outputs.todo_api_url, port),
    userPoolId: outputs.user_pool_id,
    clientId: outputs.mobile_client_id,
    identityPoolId: outputs.identity_pool_id,
    bucket: outputs.user_files_bucket,
    region: outputs.region,
    hostedDomainUrl: outputs.hosted_domain_url,
  };
}

/**
 * The emulator's address of an API Gateway stage. It routes by host name as AWS does, but `<id>.execute-api.localhost` does
 * not resolve on every machine; by path it always works.
 *
 * @param url e.g. `https://abc123.execute-api.us-east-1.amazonaws.com/v1`
 * @returns e.g. `http://127.0.0.1:4566/restapis/abc123/v1/_user_request_`
 * @throws CommandError when it is no URL of a stage
 */
export function reachableApiUrl(url: string, port: number): string {
  const [, id, stage] = /^https?:\/\/([a-z0-9]+)\.execute-api\.[^/]+\/([^/]+)\/?$/.exec(url) ?? [];
  if (id === undefined || stage === undefined) {
    throw new CommandError("envs/local", `the API's URL must be that of a stage, got "${url}"`);
  }
  return `${endpointUrl(port)}/restapis/${id}/${stage}/_user_request_`;
}
