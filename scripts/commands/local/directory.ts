import { join, resolve } from "node:path";

/** Environment variable that names the directory when `--directory` does not. */
export const DIRECTORY_VARIABLE = "LOCAL_DIRECTORY";

/** Where one local environment keeps everything it has. Two directories are two environments that never touch. */
export interface LocalDirectory {
  /** Folder of the project. */
  readonly root: string;
  /** The directory itself. */
  readonly path: string;
  /** It is the project's `.local`, where the stack looks for its state by itself and commands need no `--directory`. */
  readonly usual: boolean;
  /** Held by the command that changes the environment. */
  readonly lock: string;
  /** The Python virtual environments, shared by all local environments of this checkout: they hold no data. */
  readonly virtualEnvironments: string;
  /** What is known of the emulator that was started last: process, port, settings. */
  readonly emulatorRecord: string;
  /** The emulator's data. */
  readonly data: string;
  /** Terraform's state of envs/local. */
  readonly terraformState: string;
  /** The emulator's data and Terraform's state as they were before the last deployment. */
  readonly checkpoint: string;
  /** Exists while a deployment runs. */
  readonly deploying: string;
  /** Outputs of the deployed stack. */
  readonly outputs: string;
  /** The user that tries the environment out; the folder of the others, a file each. */
  readonly sampleUser: string;
  readonly otherUsers: string;
  /** cdktf's output folder. */
  readonly synth: string;
  /** What is known of the supervisor of services, databases and caches that was started last. */
  readonly supervisorRecord: string;
  /** The supervisor itself, built; the services' logs, images and state. */
  readonly services: string;
  /** Data of databases and of caches, a folder each. */
  readonly databases: string;
  readonly caches: string;
  /** Names that the VPC would resolve, and where they lead: names/preload.cjs. */
  readonly names: string;
  /** The authority and the certificate of the endpoints that AWS serves over TLS. */
  readonly certificates: string;
  /** What is known of the edge before the distribution that was started last, and what it caches of large objects. */
  readonly edgeRecord: string;
  readonly edge: string;
  /** Logs of the emulator, of the supervisor, of the edge and of the last deployment. */
  readonly emulatorLog: string;
  readonly supervisorLog: string;
  readonly edgeLog: string;
  readonly deployLog: string;
}

/**
 * Lays out a local environment's directory.
 *
 * @param root folder of the project
 * @param directory from the current folder or absolute. @default `.local` in the project, or what LOCAL_DIRECTORY says
 */
export function localDirectory(root: string, directory = process.env[DIRECTORY_VARIABLE]): LocalDirectory {
  const usualPath = join(root, ".local");
  const path = directory ? resolve(directory) : usualPath;
  const within = (...names: string[]) => join(path, ...names);
  return {
    root,
    path,
    usual: path === usualPath,
    lock: within("lock"),
    virtualEnvironments: join(usualPath, "venv"),
    emulatorRecord: within("emulator.json"),
    data: within("emulator"),
    terraformState: within("state", "envs-local.tfstate"),
    checkpoint: within("checkpoint"),
    deploying: within("deploying"),
    outputs: within("outputs.json"),
    sampleUser: within("sample-user.json"),
    otherUsers: within("users"),
    synth: within("synth"),
    supervisorRecord: within("supervisor.json"),
    services: within("services"),
    databases: within("databases"),
    caches: within("caches"),
    names: within("names.json"),
    certificates: within("certificates"),
    edgeRecord: within("edge.json"),
    edge: within("edge"),
    emulatorLog: within("logs", "emulator.log"),
    supervisorLog: within("logs", "supervisor.log"),
    edgeLog: within("logs", "edge.log"),
    deployLog: within("logs", "deploy.log"),
  };
}
