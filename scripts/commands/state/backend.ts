import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CommandError } from "../../internal/cli";
import { readJson } from "../../internal/json-file";
import { type Backend, movableBackend } from "../../internal/state-backend";
import { environmentForOtherStack, runTerraform } from "../../internal/terraform";

/** A state where its backend has it. Terraform itself reads and writes it, with its lock and its checks. */
export interface RemoteState {
  /** Where it is: `s3://<bucket>/<key>`, or its file. */
  readonly place: string;
  /** The state as it is now; undefined when there is none yet. */
  pull(): string | undefined;
  /** Puts a state in its place. Terraform refuses another lineage, and a serial that is not higher. */
  push(text: string): void;
  /** Removes a lock by its id. */
  unlock(id: string): void;
}

/**
 * Reaches a state. Nothing is initialised but the backend: no provider is needed for it.
 *
 * @param root folder of the project
 * @param environment name of the stack, e.g. `envs/prod`
 * @returns what `use` returns
 * @throws CommandError with Terraform's own words when it fails
 */
export async function withState<T>(
  root: string,
  environment: string,
  backend: Backend,
  use: (state: RemoteState) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "state-"));
  try {
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ terraform: { backend: movableBackend(root, environment, backend) } }),
    );
    const terraform = (...args: string[]) => ask(folder, environment, args);
    terraform("init", "-input=false");
    return await use({
      place: backend.s3 ? `s3://${backend.s3.bucket}/${backend.s3.key}` : initialisedPath(folder),
      pull: () => {
        const text = terraform("state", "pull");
        return text.trim() === "" ? undefined : text;
      },
      push: (text) => {
        const file = join(folder, "pushed.tfstate");
        writeFileSync(file, text, { mode: 0o600 });
        terraform("state", "push", file);
        rmSync(file);
      },
      unlock: (id) => void terraform("force-unlock", "-force", id),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The file that `init` has settled on, which a shell may have named in place of the stack's. */
function initialisedPath(folder: string): string {
  const initialised = readJson<{ backend?: { config?: { path?: string } } }>(
    join(folder, ".terraform", "terraform.tfstate"),
  );
  return initialised?.backend?.config?.path ?? "";
}

function ask(folder: string, environment: string, args: readonly string[]): string {
  // With what a shell says of `init`, as the local environment's place of the state.
  const env = environmentForOtherStack(["TF_CLI_ARGS_init"]);
  const { code, stdout, stderr } = runTerraform(folder, args, { env });
  if (code === 0) return stdout;
  const words = stripVTControlCharacters(stderr)
    .replace(/^[╷│╵] ?/gm, "")
    .trim();
  throw new CommandError(
    environment,
    `terraform ${args[0]} ended with code ${code}:\n  ${words.replaceAll("\n", "\n  ")}\n`,
  );
}
