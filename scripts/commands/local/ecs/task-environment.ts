import { nodeOption } from "../names/preload-option";
import type { Container } from "./task-definition";

/** What every task of an environment is given beside what its definition says. */
export interface HostSettings {
  /** The emulator's address. */
  readonly endpoint: string;
  /** Region of the account. */
  readonly region: string;
  /** PATH of the container's process. */
  readonly path: string;
  /** Folder for what is temporary. */
  readonly temporary: string;
  /** Module that stands for the VPC's DNS, and the file with its names: names/preload.cjs. */
  readonly preload: string;
  readonly names: string;
  /** Certificate of the authority that the stand-in for AWS's TLS endpoints has its own from. */
  readonly authority: string;
}

/** What one task is given. */
export interface TaskSettings {
  /** Where the container gets the credentials of the task's role; absent without a role. */
  readonly credentials?: { readonly url: string; readonly token: string };
  /** Ports of this machine by those of the definitions of all the task's containers. */
  readonly ports: ReadonlyMap<number, number>;
  /** Values of its secrets, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Variables that mark its processes. */
  readonly marks: Readonly<Record<string, string>>;
}

/**
 * The whole environment of a container's process: what the definition says, what ECS adds, and what a laptop needs. Containers
 * share this machine's ports, so PORT is a free one; HOST keeps them on the loopback interface.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function containerEnvironment(
  { environment, ports }: Pick<Container, "environment" | "ports">,
  host: HostSettings,
  task: TaskSettings,
): Record<string, string> {
  const [port] = ports;
  const hostPort = port === undefined ? undefined : task.ports.get(port);
  return {
    PATH: host.path,
    HOME: host.temporary,
    TMPDIR: host.temporary,
    LANG: "C.UTF-8",
    AWS_REGION: host.region,
    ...environment,
    ...task.secrets,
    ...(hostPort !== undefined && { PORT: String(hostPort) }),
    HOST: "127.0.0.1",
    AWS_ENDPOINT_URL: host.endpoint,
    AWS_EC2_METADATA_DISABLED: "true",
    // Of this machine's Node.js, which the image's is newer than.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    ...(task.credentials && {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: task.credentials.url,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: task.credentials.token,
    }),
    NODE_OPTIONS: [environment["NODE_OPTIONS"], nodeOption("--require", host.preload)]
      .filter((each) => each)
      .join(" "),
    NODE_EXTRA_CA_CERTS: host.authority,
    LOCAL_NAMES: host.names,
    LOCAL_PORTS: [...task.ports].map((pair) => pair.join("=")).join(),
    ...task.marks,
  };
}
