import { spawn } from "node:child_process";
import { join } from "node:path";
import { CommandError, EXIT } from "../../internal/cli";
import type { Image } from "./plan";
import type { RegistryLogin } from "./registry";

/** Lines of Docker's own that an error shows. */
const SHOWN_LINES = 15;

/**
 * Sees that there is an engine, and what builds for several architectures.
 *
 * @throws CommandError saying which is missing
 */
export async function checkDocker(): Promise<void> {
  const engine = await run(["version", "--format", "{{.Server.Version}}"]);
  if (engine.code !== 0) {
    throw new CommandError(
      "Docker",
      `its engine does not answer: ${lastLines(engine.text, 1)}`,
      "start it, or push from where it runs; --dry-run needs none",
      EXIT.missingTool,
    );
  }
  const buildx = await run(["buildx", "version"]);
  if (buildx.code !== 0) {
    throw new CommandError("Docker", "has no buildx", "install its plugin buildx", EXIT.missingTool);
  }
}

/** Logs in to a registry. The password goes by standard input: arguments can be read by others. */
export async function logInTo(registry: string, { user, password }: RegistryLogin): Promise<void> {
  const { code, text } = await run(["login", "--username", user, "--password-stdin", registry], {
    input: password,
  });
  if (code !== 0) throw new CommandError("docker login", `ended with code ${code}: ${lastLines(text)}`);
}

/** How images are built. */
export interface BuildConfig {
  /** Folder of the project. */
  readonly root: string;
  /** E.g. `linux/amd64,linux/arm64`. */
  readonly platform: string;
  /** Told each line as it comes. */
  readonly onLine: (line: string) => void;
}

/**
 * Builds an image and pushes it. The same content gives the same image: all times in it are those of 1970, and nothing is added that says
 * when and where it was built.
 *
 * @throws CommandError with Docker's last words
 */
export async function buildAndPush(image: Image, { root, platform, onLine }: BuildConfig): Promise<void> {
  const { code, text } = await run(
    [
      ...["buildx", "build", "--file", join(root, "services", "Dockerfile")],
      ...["--build-arg", `SERVICE=${image.service}`, "--platform", platform],
      ...["--provenance=false", "--sbom=false", "--progress=plain"],
      ...["--output", `type=image,name=${image.reference},push=true,rewrite-timestamp=true`],
      image.folder,
    ],
    { variables: { SOURCE_DATE_EPOCH: "0" }, onLine },
  );
  if (code === 0) return;
  throw new CommandError(
    `docker buildx build of ${image.service}`,
    `ended with code ${code}:\n  ${lastLines(text)}\n`,
    'where the builder cannot do this, make one that can: "docker buildx create --use"',
  );
}

interface RunOptions {
  readonly input?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

async function run(
  args: readonly string[],
  { input = "", variables = {}, onLine }: RunOptions = {},
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn("docker", args, {
    env: { ...process.env, ...variables },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-8000);
      const line = lastLines(chunk, 1);
      if (line !== "") onLine?.(line);
    });
  }
  // It may end before it has read anything.
  child.stdin.on("error", () => undefined).end(input);
  return new Promise((done, failed) => {
    child.once("error", () =>
      failed(
        new CommandError(
          "Docker",
          "was not found on PATH",
          "install it, or push from where it is; --dry-run needs none",
          EXIT.missingTool,
        ),
      ),
    );
    child.once("close", (code) => done({ code, text }));
  });
}

function lastLines(text: string, count = SHOWN_LINES): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== "")
    .slice(-count)
    .join("\n  ");
}
