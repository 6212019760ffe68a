/** What runs when no command is named. */
export const SERVE = "serve";

/** One environment variable or secret that a service reads. */
export interface ServiceVariable {
  /** Without it the service does not start. */
  readonly required: boolean;
  /** Commands that read it; `serve` is what runs without one. @default all */
  readonly commands?: readonly string[];
  /** What it is for, in a sentence. */
  readonly description: string;
}

/**
 * What a service package says of itself in its `service.json`, the container's twin of a function's `function.json`.
 *
 * `PORT`, `HOST`, `SERVICE_NAME`, `AWS_REGION` and `LOG_LEVEL` are known to every service and not listed.
 */
export interface ServiceManifest {
  /** Name of the service: that of its folder, e.g. `catalog`. */
  readonly name: string;
  /** What it does, in a sentence. */
  readonly description: string;
  /** TCP port that it listens on in its container. */
  readonly port: number;
  /** CPU units of a task, 1024 to a core. */
  readonly cpu: number;
  /** Memory of a task in MiB. */
  readonly memoryMegabytes: number;
  /** Environment variables that it reads, by name. */
  readonly environment: Readonly<Record<string, ServiceVariable>>;
  /** The same for those whose value is a secret: they come from Secrets Manager by reference, never as text. */
  readonly secrets: Readonly<Record<string, ServiceVariable>>;
  /** What else the container does when its command names it, by that name, e.g. `migrate`; each with a sentence. */
  readonly commands: Readonly<Record<string, string>>;
  /** Contracts that it serves, e.g. `catalog/v1` for `api/catalog/v1.yaml`. */
  readonly contracts: readonly string[];
  /** Events that it makes or takes, e.g. `order-placed/v1` for `api/events/order-placed/v1.json`. */
  readonly events: readonly string[];
  /** Seconds from SIGTERM within which it ends by itself; the container's stop timeout must be longer. */
  readonly gracefulStopSeconds: number;
}

/** A service built, ready to be put into an image. */
export interface ServiceArtifact extends ServiceManifest {
  /** SHA-256 of everything that the image is made from, hexadecimal. */
  readonly sha256: string;
  /** Absolute path of the folder that is the image's content: `index.mjs` and what lies beside it. */
  readonly folder: string;
  /** Size in bytes of `index.mjs`. */
  readonly bundleBytes: number;
}

/** Tag of the image that holds an artifact: the first 16 digits of its hash. The same source has the same tag, and a tag one source. */
export function imageTag({ sha256 }: Pick<ServiceArtifact, "sha256">): string {
  return sha256.slice(0, 16);
}
