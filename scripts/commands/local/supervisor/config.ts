import { join } from "node:path";
import type { ProcessIdentity } from "../../../internal/process-identity";

/** What the supervisor is started with. It holds no secret: it can be seen among the arguments of its process. */
export interface SupervisorConfig {
  /** Folder of the project. */
  readonly root: string;
  /** The local environment's directory. */
  readonly directory: string;
  readonly emulator: { readonly port: number; readonly process: ProcessIdentity };
  /** Module that stands for the VPC's DNS. */
  readonly preload: string;
  /** Path of `valkey-server`; null on a machine for which there is none. */
  readonly valkey: string | null;
}

/** File that lists where built services are found. */
export function imageSourcesFile(services: string): string {
  return join(services, "image-sources.json");
}

/** Reads the configuration out of the process's arguments and its port out of its environment. */
export function readConfig(): { readonly config: SupervisorConfig; readonly port: number } {
  const [, , text] = process.argv;
  if (text === undefined) throw new Error("usage: supervisor <configuration as JSON>, with PORT set");
  return { config: JSON.parse(text) as SupervisorConfig, port: Number(process.env["PORT"]) };
}
