import { quote } from "../../internal/shell";
import type { LocalDirectory } from "./directory";
import type { DataServerState, ServiceState } from "./ecs/state";
import type { Endpoints } from "./outputs";
import type { SampleSession } from "./sample";
import type { Status } from "./status";
import type { UpResult } from "./up";

const SERVICE_LINES = [
  ["catalog", "catalogUrl"],
  ["orders", "ordersUrl"],
  ["storefront", "storefrontUrl"],
  ["sessions API", "sessionsUrl"],
] as const;

/** Text for a person: what `up` has brought up, the tour, and requests to copy. */
export function describeUp(
  directory: LocalDirectory,
  { tour, downloadsUrl, ...endpoints }: UpResult,
): string {
  const steps = tour.map(({ request, answer }) => `  ${request}\n    → ${answer}`);
  const local = commandOf(directory);
  return [
    ...describeEndpoints(endpoints),
    ...(downloadsUrl === undefined ? [] : [`  downloads      ${downloadsUrl}`]),
    "",
    ...(tour.length > 0 ? ["What the sample user has just done:", ...steps, ""] : []),
    "Try it yourself, as the sample user:",
    "",
    `  eval "$(${local} env --user)"`,
    '  curl -H "Authorization: Bearer $ID_TOKEN" "$API_URL/todos"',
    '  curl -H "Authorization: Bearer $ID_TOKEN" -H "Content-Type: application/json" \\',
    `    -d '{"title":"Buy milk"}' "$API_URL/todos"`,
    ...otherVersions(endpoints).map(
      ([version]) => `  curl -H "Authorization: Bearer $ID_TOKEN" "$${versionVariable(version)}/todos"`,
    ),
    // In braces: zsh reads $AWS_REGION:s3 as a modifier of the variable.
    '  curl --aws-sigv4 "aws:amz:${AWS_REGION}:s3" --user "${AWS_ACCESS_KEY_ID}:${AWS_SECRET_ACCESS_KEY}" \\',
    '    -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" \\',
    '    -T README.md "$AWS_ENDPOINT_URL/$USER_FILES_BUCKET/$IDENTITY_ID/README.md"',
    ...describeServiceRequests(endpoints),
    "",
    "As administrator, in a shell of its own:",
    "",
    `  (eval "$(${local} env)"; npx cdktf diff envs/local)`,
    ...(endpoints.ordersUrl === undefined
      ? []
      : [`  (eval "$(${local} env)"; scripts/trace envs/local ORDER)    # the way of an order, by its id`]),
    ...describeRelease(local, endpoints.downloadsBucket, downloadsUrl),
    "",
    `${local} status | logs todos-v1 --follow | down | reset`,
  ].join("\n");
}

/** Text for a person: how the environment stands. */
export function describeStatus(status: Status): string {
  const { state, deploying, directory, pid, memoryMegabytes, endpoints, downloadsUrl } = status;
  const { services, servers, problems } = status;
  return [
    `Local environment: ${state}${deploying ? ", with a deployment under way or cut off" : ""}`,
    `  directory      ${directory}`,
    ...(pid === null ? [] : [`  emulator       process ${pid}, ${memoryMegabytes} MiB`]),
    ...(endpoints ? describeEndpoints(endpoints).slice(1) : []),
    ...(downloadsUrl === null ? [] : [`  downloads      ${downloadsUrl}`]),
    ...(services ?? []).flatMap(describeService),
    ...(servers ?? []).map(describeServer),
    ...problems.map((problem) => `  problem        ${problem}`),
  ].join("\n");
}

function describeService(service: ServiceState): string[] {
  const { name, healthy, desired, status, taskDefinition, tasks, failure, note, skippedContainers } = service;
  return [
    `  service        ${name}: ${healthy} of ${desired} healthy, ${taskDefinition}, ${status}`,
    ...tasks.map(({ id, taskDefinition: revision, status: state, ports }) => {
      const where = ports.length > 0 ? ` on ${ports.map((port) => `127.0.0.1:${port}`).join(", ")}` : "";
      return `    task         ${id.slice(0, 8)} ${revision} ${state}${where}`;
    }),
    ...(failure
      ? [
          `    failed       ${failure.taskDefinition}: ${failure.reason}${failure.log === null ? "" : `; see ${failure.log}`}`,
        ]
      : []),
    ...(note === null ? [] : [`    note         ${note}`]),
    ...skippedContainers.map(
      (container) => `    left out     container ${container}: its image is none of the project's`,
    ),
  ];
}

function describeServer({ kind, id, address, port, error }: DataServerState): string {
  const where = port === null ? (error ?? "does not run") : `127.0.0.1:${port}, in the VPC ${address}`;
  return `  ${kind.padEnd(14)} ${id}: ${where}`;
}

/** Requests to the services that are deployed. */
function describeServiceRequests({ catalogUrl, sessionsUrl, storefrontUrl }: Endpoints): string[] {
  const token = '-H "Authorization: Bearer $ID_TOKEN"';
  const catalog = catalogUrl === undefined ? [] : [`  curl ${token} "$CATALOG_URL/v1/products"`];
  if (sessionsUrl === undefined || storefrontUrl === undefined) return catalog;
  return [
    ...catalog,
    `  SESSION_TOKEN=$(curl -s -X POST ${token} "$SESSIONS_URL/sessions" | jq -r .token)`,
    `  curl ${token} -H "X-Session-Token: $SESSION_TOKEN" -H "Idempotency-Key: $(date +%s)" -H "Content-Type: application/json" \\`,
    `    -d '{"items":[{"productId":"sample-teapot","quantity":1}]}' "$STOREFRONT_URL/v1/orders"`,
    `  curl ${token} -H "X-Session-Token: $SESSION_TOKEN" "$STOREFRONT_URL/v1/order-history"`,
  ];
}

/** A release that is published, downloaded through the distribution, and taken back from its caches. */
function describeRelease(local: string, bucket: string | undefined, url: string | undefined): string[] {
  if (bucket === undefined || url === undefined) return [];
  return [
    `  (eval "$(${local} env)"`,
    '  curl --aws-sigv4 "aws:amz:${AWS_REGION}:s3" --user "${AWS_ACCESS_KEY_ID}:${AWS_SECRET_ACCESS_KEY}" \\',
    '    -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" -T README.md "$AWS_ENDPOINT_URL/$DOWNLOADS_BUCKET/updates/latest.md"',
    '  curl -s -o /dev/null -D - "$DOWNLOADS_URL/updates/latest.md"',
    "  scripts/invalidate envs/local '/updates/*' --wait)",
  ];
}

/**
 * Variables with which a shell is the administrator, besides those of AWS: the addresses, and what releases and products are put into.
 *
 * @param downloadsUrl of the edge. @default there is none
 */
export function administratorVariables(endpoints: Endpoints, downloadsUrl?: string): Record<string, string> {
  const { downloadsBucket, catalogImportBucket } = endpoints;
  return {
    ...addressVariables(endpoints),
    ...(downloadsBucket !== undefined && { DOWNLOADS_BUCKET: downloadsBucket }),
    ...(downloadsUrl !== undefined && { DOWNLOADS_URL: downloadsUrl }),
    ...(catalogImportBucket !== undefined && { CATALOG_IMPORT_BUCKET: catalogImportBucket }),
  };
}

/** Lines for a shell's `eval`. */
export function exportLines(
  variables: Readonly<Record<string, string>>,
  unset: readonly string[] = [],
): string {
  return [
    ...unset.map((name) => `unset ${name}`),
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
  ].join("\n");
}

/** Variables with which a shell is the sample user: tokens for the API, credentials for the own folder. */
export function userVariables(
  endpoints: Endpoints,
  { tokens, credentials }: SampleSession,
): Record<string, string> {
  return {
    ...addressVariables(endpoints),
    ID_TOKEN: tokens.idToken,
    ACCESS_TOKEN: tokens.accessToken,
    USER_FILES_BUCKET: endpoints.bucket,
    IDENTITY_ID: credentials.identityId,
    AWS_ENDPOINT_URL: endpoints.endpoint,
    AWS_REGION: endpoints.region,
    // The AWS CLI of version 1 and the SDK for Python know this one alone.
    AWS_DEFAULT_REGION: endpoints.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

/** Addresses of the APIs and services. */
function addressVariables(endpoints: Endpoints): Record<string, string> {
  const { apiUrl, catalogUrl, ordersUrl, storefrontUrl, sessionsUrl } = endpoints;
  return {
    API_URL: apiUrl,
    ...Object.fromEntries(otherVersions(endpoints).map(([version, url]) => [versionVariable(version), url])),
    ...(catalogUrl !== undefined && { CATALOG_URL: catalogUrl }),
    ...(ordersUrl !== undefined && { ORDERS_URL: ordersUrl }),
    ...(storefrontUrl !== undefined && { STOREFRONT_URL: storefrontUrl }),
    ...(sessionsUrl !== undefined && { SESSIONS_URL: sessionsUrl }),
  };
}

/** Versions of the to-do API besides the one that comes first, with their addresses. */
function otherVersions({ apiUrl, apiUrls = {} }: Endpoints): [version: string, url: string][] {
  return Object.entries(apiUrls).filter(([, url]) => url !== apiUrl);
}

/** @param version e.g. `v2` @returns e.g. `API_URL_V2` */
function versionVariable(version: string): string {
  return `API_URL_${version.toUpperCase()}`;
}

function describeEndpoints(endpoints: Endpoints): string[] {
  return [
    "The local environment is up:",
    `  to-do API      ${endpoints.apiUrl}`,
    ...otherVersions(endpoints).map(([version, url]) => `  ${`to-do API ${version}`.padEnd(15)}${url}`),
    `  AWS endpoint   ${endpoints.endpoint} (${endpoints.region})`,
    `  user pool      ${endpoints.userPoolId}`,
    `  app client     ${endpoints.clientId}`,
    `  identity pool  ${endpoints.identityPoolId}`,
    `  user files     s3://${endpoints.bucket}/<identity id>/`,
    ...SERVICE_LINES.flatMap(([words, name]) => {
      const url = endpoints[name];
      return url === undefined ? [] : [`  ${words.padEnd(14)} ${url}`];
    }),
  ];
}

/** The command as its user types it, for this directory. */
function commandOf(directory: LocalDirectory): string {
  return directory.usual ? "scripts/local" : `scripts/local --directory ${quote(directory.path)}`;
}
