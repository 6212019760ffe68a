import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { CommandError, EXIT } from "../../internal/cli";
import { npmDependencies, pythonDependencies } from "../../internal/dependencies";

interface Component {
  readonly "bom-ref": string;
  readonly [field: string]: unknown;
}

interface DependsOn {
  readonly ref: string;
  readonly dependsOn?: readonly string[];
}

/** A bill of materials, as far as it is looked into here: https://cyclonedx.org/docs/1.5/json/ */
export interface Bill {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component; readonly [field: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly DependsOn[];
  readonly [field: string]: unknown;
}

/**
 * All dependencies.
 *
 * @param production leaves out what is for development alone
 * @throws CommandError when npm is missing or too old
 */
export function billOfMaterials(root: string, production: boolean): Bill {
  const ofNpm = npmSbom(root);
  const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string };
  const { timestamp: _, tools: __, ...metadata } = ofNpm.metadata;
  const left = production ? developmentReferences(root) : new Set();
  const bill = {
    ...ofNpm,
    // npm names it by the folder that it is in.
    metadata: { ...metadata, component: { ...metadata.component, name } },
    components: byReference(
      [...ofNpm.components, ...(production ? [] : pythonComponents(root))],
      (component) => component["bom-ref"],
    ).filter((component) => !left.has(component["bom-ref"])),
    dependencies: byReference(ofNpm.dependencies, ({ ref }) => ref)
      .filter(({ ref }) => !left.has(ref))
      .map(({ ref, dependsOn = [] }) => ({
        ref,
        dependsOn: dependsOn.filter((on) => !left.has(on)).sort(),
      })),
  };
  return { ...bill, serialNumber: serialNumber(bill) };
}

/** What the lock file marks so. `npm sbom --omit dev` leaves out production's too, where development has it as well. */
function developmentReferences(root: string): ReadonlySet<string> {
  return new Set(
    npmDependencies(root)
      .filter(({ development }) => development)
      .map(({ name, version }) => `${name}@${version}`),
  );
}

function npmSbom(root: string): Bill {
  const { status, stdout, stderr, error } = spawnSync(
    "npm",
    ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"],
    { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 },
  );
  if (error)
    throw new CommandError("npm", "was not found on PATH", "install Node.js with npm", EXIT.missingTool);
  if (status === 0) return JSON.parse(stdout) as Bill;
  throw new CommandError(
    "npm sbom",
    `failed: ${stderr.trim().split("\n")[0] ?? ""}`,
    "npm 10 or newer knows it",
  );
}

function pythonComponents(root: string): Component[] {
  const { python } = parse(readFileSync(join(root, "policy", "licences.yaml"), "utf8")) as {
    python: Record<string, string>;
  };
  return pythonDependencies(root).map(({ name, version }) => ({
    "bom-ref": `pypi:${name}@${version}`,
    type: "library",
    name,
    version,
    // Tools of developers and CI.
    scope: "optional",
    purl: `pkg:pypi/${name}@${version}`,
    ...(python[name] !== undefined && { licenses: [{ expression: python[name] }] }),
  }));
}

/** A stable order, each reference once. */
function byReference<T>(entries: readonly T[], reference: (entry: T) => string): T[] {
  const unique = new Map(entries.map((entry) => [reference(entry), entry]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** A UUID of the content (version 8, https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8): another bill has another. */
function serialNumber({ serialNumber: _, ...content }: Bill): string {
  const hex = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
