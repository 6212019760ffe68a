import { CommandError } from "../../internal/cli";
import { readJson, readRecord } from "../../internal/json-file";
import type { LocalDirectory } from "./directory";
import { endpointUrl } from "./settings";

const NAMES = [
  "todo_api_url",
  "user_pool_id",
  "mobile_client_id",
  "identity_pool_id",
  "user_files_bucket",
  "region",
  "hosted_domain_url",
] as const;

/** Of systems that a specification may leave out. */
const OPTIONAL_NAMES = [
  "catalog_url",
  "orders_url",
  "storefront_url",
  "sessions_api_url",
  "distribution_id",
  "downloads_bucket",
  "catalog_import_bucket",
  "order_history_table",
  "fulfilment_approvals_function_arn",
] as const;

/** URLs of all served versions of the to-do API. */
const VERSIONS = "todo_api_urls";

/**
 * Outputs of envs/local, as Terraform has them. URLs are those on AWS: of a stage
 * `https://<id>.execute-api.us-east-1.amazonaws.com/v1`, of a load balancer `http://<name>-<characters>.us-east-1.elb.amazonaws.com`.
 */
export type StackOutputs = Readonly<
  Record<(typeof NAMES)[number], string> & Partial<Record<(typeof OPTIONAL_NAMES)[number], string>>
> & {
  /** By version. */
  readonly [VERSIONS]?: Readonly<Record<string, string>>;
};

/** The deployed environment as its clients reach it. */
export interface Endpoints {
  /** The emulator: every AWS API. */
  readonly endpoint: string;
  /** The to-do API; the contract's paths follow, e.g. `/todos`. */
  readonly apiUrl: string;
  /** All its versions, that one among them, e.g. by `v2`; absent where the deployment is older than they are. */
  readonly apiUrls?: Readonly<Record<string, string>>;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly identityPoolId: string;
  readonly bucket: string;
  readonly region: string;
  /** The sign-in page on AWS; the emulator serves none by that name. */
  readonly hostedDomainUrl: string;
  /** The services by their load balancers, and the API of sessions; absent where they are not deployed. */
  readonly catalogUrl?: string;
  readonly ordersUrl?: string;
  readonly storefrontUrl?: string;
  readonly sessionsUrl?: string;
  /** Bucket that releases are published into; absent without downloads from one. */
  readonly downloadsBucket?: string;
  /** Bucket for CSV files of products; absent where none are imported. */
  readonly catalogImportBucket?: string;
  /** Table of the view of orders; absent where there is none. */
  readonly historyTable?: string;
  /** ARN of the function that does the steps of fulfilment; absent where orders are not fulfilled. */
  readonly fulfilmentFunction?: string;
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
  const there = [...NAMES, ...OPTIONAL_NAMES, VERSIONS].filter((name) => outputs[name] !== undefined);
  return Object.fromEntries(there.map((name) => [name, outputs[name]?.value])) as unknown as StackOutputs;
}

/** Outputs of the last deployment that succeeded; undefined before the first. */
export function readOutputs(directory: LocalDirectory): StackOutputs | undefined {
  return readRecord<StackOutputs>(directory.outputs);
}

/** What clients use instead of AWS's addresses: everything is behind the emulator's one port. */
export function endpointsOf(outputs: StackOutputs, port: number): Endpoints {
  const {
    order_history_table,
    fulfilment_approvals_function_arn: fulfilmentFunction,
    catalog_url,
    orders_url,
    storefront_url,
    sessions_api_url,
    downloads_bucket,
    catalog_import_bucket,
  } = outputs;
  const versions = outputs[VERSIONS];
  return {
    endpoint: endpointUrl(port),
    apiUrl: reachableApiUrl(outputs.todo_api_url, port),
    ...(versions && {
      apiUrls: Object.fromEntries(
        Object.entries(versions).map(([version, url]) => [version, reachableApiUrl(url, port)]),
      ),
    }),
    userPoolId: outputs.user_pool_id,
    clientId: outputs.mobile_client_id,
    identityPoolId: outputs.identity_pool_id,
    bucket: outputs.user_files_bucket,
    region: outputs.region,
    hostedDomainUrl: outputs.hosted_domain_url,
    ...(catalog_url !== undefined && { catalogUrl: reachableServiceUrl(catalog_url, port) }),
    ...(orders_url !== undefined && { ordersUrl: reachableServiceUrl(orders_url, port) }),
    ...(storefront_url !== undefined && { storefrontUrl: reachableServiceUrl(storefront_url, port) }),
    ...(sessions_api_url !== undefined && { sessionsUrl: reachableApiUrl(sessions_api_url, port) }),
    ...(downloads_bucket !== undefined && { downloadsBucket: downloads_bucket }),
    ...(order_history_table !== undefined && { historyTable: order_history_table }),
    ...(fulfilmentFunction !== undefined && { fulfilmentFunction }),
    ...(catalog_import_bucket !== undefined && { catalogImportBucket: catalog_import_bucket }),
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

/**
 * The emulator's address of a load balancer, by path as well. Rules of its listener that go by host name do not match there: these
 * need the real name as the request's Host header.
 *
 * @param url e.g. `http://acme-local-catalog-1a2b3c4d.us-east-1.elb.amazonaws.com`
 * @returns e.g. `http://127.0.0.1:4566/_alb/acme-local-catalog`
 * @throws CommandError when it is no URL of a load balancer
 */
export function reachableServiceUrl(url: string, port: number): string {
  const [, name] =
    /^https?:\/\/([a-z0-9-]+)-[a-z0-9]{8}\.[^./]+\.elb\.amazonaws\.com(?::\d+)?\/?$/i.exec(url) ?? [];
  if (name === undefined) {
    throw new CommandError("envs/local", `the service's URL must be that of a load balancer, got "${url}"`);
  }
  return `${endpointUrl(port)}/_alb/${name}`;
}
