import { quote } from "../../internal/shell";
import type { LocalDirectory } from "./directory";
import type { Endpoints } from "./outputs";
import type { SampleSession } from "./sample";
import type { Status } from "./status";
import type { UpResult } from "./up";

/** Text for a person: what `up` has brought up, the tour, and requests to copy. */
export function describeUp(directory: LocalDirectory, { tour, ...endpoints }: UpResult): string {
  const steps = tour.map(({ request, answer }) => `  ${request}\n    → ${answer}`);
  const local = commandOf(directory);
  return [
    ...describeEndpoints(endpoints),
    "",
    ...(tour.length > 0 ? ["What the sample user has just done:", ...steps, ""] : []),
    "Try it yourself, as the sample user:",
    "",
    `  eval "$(${local} env --user)"`,
    '  curl -H "Authorization: Bearer $ID_TOKEN" "$API_URL/todos"',
    '  curl -H "Authorization: Bearer $ID_TOKEN" -H "Content-Type: application/json" \\',
    `    -d '{"title":"Buy milk"}' "$API_URL/todos"`,
    // In braces: zsh reads $AWS_REGION:s3 as a modifier of the variable.
    '  curl --aws-sigv4 "aws:amz:${AWS_REGION}:s3" --user "${AWS_ACCESS_KEY_ID}:${AWS_SECRET_ACCESS_KEY}" \\',
    '    -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" \\',
    '    -T README.md "$AWS_ENDPOINT_URL/$USER_FILES_BUCKET/$IDENTITY_ID/README.md"',
    "",
    "As administrator, in a shell of its own:",
    "",
    `  (eval "$(${local} env)"; npx cdktf diff envs/local)`,
    "",
    `${local} status | logs todos --follow | down | reset`,
  ].join("\n");
}

/** Text for a person: how the environment stands. */
export function describeStatus(status: Status): string {
  const { state, deploying, directory, pid, memoryMegabytes, endpoints } = status;
  return [
    `Local environment: ${state}${deploying ? ", with a deployment under way or cut off" : ""}`,
    `  directory      ${directory}`,
    ...(pid === null ? [] : [`  emulator       process ${pid}, ${memoryMegabytes} MiB`]),
    ...(endpoints ? describeEndpoints(endpoints).slice(1) : []),
  ].join("\n");
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
    API_URL: endpoints.apiUrl,
    ID_TOKEN: tokens.idToken,
    ACCESS_TOKEN: tokens.accessToken,
    USER_FILES_BUCKET: endpoints.bucket,
    IDENTITY_ID: credentials.identityId,
    AWS_ENDPOINT_URL: endpoints.endpoint,
    AWS_REGION: endpoints.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

function describeEndpoints(endpoints: Endpoints): string[] {
  return [
    "The local environment is up:",
    `  to-do API      ${endpoints.apiUrl}`,
    `  AWS endpoint   ${endpoints.endpoint} (${endpoints.region})`,
    `  user pool      ${endpoints.userPoolId}`,
    `  app client     ${endpoints.clientId}`,
    `  identity pool  ${endpoints.identityPoolId}`,
    `  user files     s3://${endpoints.bucket}/<identity id>/`,
  ];
}

/** The command as its user types it, for this directory. */
function commandOf(directory: LocalDirectory): string {
  return directory.usual ? "scripts/local" : `scripts/local --directory ${quote(directory.path)}`;
}
