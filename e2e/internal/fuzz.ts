import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureVirtualEnvironment } from "../../scripts/commands/local/python";
import { checkTools } from "../../scripts/commands/local/tools";
import { environmentDirectory } from "./directory";
import type { RequestHeaders } from "./http";
import { ROOT, run } from "./project";

const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
  "response_headers_conformance",
  "negative_data_rejection",
  "ignored_auth",
  "use_after_free",
  "ensure_resource_availability",
  // Not positive_data_acceptance: a schema cannot say that a page's token is opaque, or a key was used before.
];

/** What is fuzzed, and how. */
export interface FuzzConfig {
  /** OpenAPI document, from the project's folder, e.g. `api/todos/v1.yaml`. */
  readonly document: string;
  /** Where its paths begin. */
  readonly url: string;
  /** Of every request. */
  readonly headers: RequestHeaders;
  /** Ids of the operations. @default all */
  readonly operations?: readonly string[];
  /** How requests are made up: `examples`, `coverage`, `fuzzing`, `stateful`. */
  readonly phases: readonly string[];
  /** Requests of one operation in the phase `fuzzing`, and sequences in `stateful`, at most. */
  readonly mostExamples: number;
  /** Further settings, as schemathesis.toml has them. @default none */
  readonly settings?: string;
}

/** How a run ended. */
export interface FuzzOutcome {
  /** 0 when nothing was found. */
  readonly code: number | null;
  readonly output: string;
  /** Requests that were made up. */
  readonly requests: number;
}

/** Makes requests up from an OpenAPI document, right and wrong ones, and holds the answers against it. */
export class Fuzzer {
  private constructor(
    private readonly program: string,
    private readonly folder: string,
  ) {}

  /** Installs the fuzzer, unless that was done. */
  static async prepare(): Promise<Fuzzer> {
    const python = await ensureVirtualEnvironment(
      environmentDirectory(),
      checkTools().python,
      () => {},
      join(__dirname, "..", "requirements.txt"),
    );
    return new Fuzzer(join(python, "..", "schemathesis"), mkdtempSync(join(tmpdir(), "schemathesis-")));
  }

  /** Runs it to its end. */
  async run(config: FuzzConfig): Promise<FuzzOutcome> {
    const { document, url, headers, operations = [], phases, mostExamples, settings = "" } = config;
    const configFile = join(this.folder, "schemathesis.toml");
    writeFileSync(configFile, settings);
    const { code, output } = await run(
      [
        this.program,
        ...["--config-file", configFile, "run", join(ROOT, document), "--url", url],
        ...Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
        ...operations.flatMap((id) => ["--include-operation-id", id]),
        ...["--checks", CHECKS.join(), "--phases", phases.join(), "--max-examples", String(mostExamples)],
        // The same requests every time: what is red once is red again.
        ...["--seed", "1", "--generation-deterministic"],
        ...["--continue-on-failure", "--no-shrink", "--no-color"],
      ],
      this.folder,
      { PATH: process.env["PATH"], HOME: this.folder, LANG: "C.UTF-8" },
    );
    return { code, output, requests: Number(/(\d+) generated/.exec(output)?.[1]) };
  }

  /** Removes what it has written. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
