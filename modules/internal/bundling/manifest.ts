import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Reads the manifest of every package in a folder that has one.
 *
 * @param root folder of the project
 * @param folder of the packages, e.g. `functions`
 * @param fileName of the manifests, e.g. `function.json`
 * @param read reads one
 * @returns manifests by package, in alphabetical order
 * @throws Error naming the file when it holds no JSON object, and what `read` throws
 */
export function readManifestFiles<Manifest>(
  root: string,
  folder: string,
  fileName: string,
  read: (name: string, manifest: ManifestReader) => Manifest,
): Record<string, Manifest> {
  if (!existsSync(join(root, folder))) return {};
  const names = readdirSync(join(root, folder))
    .filter((name) => existsSync(join(root, folder, name, fileName)))
    .sort();
  return Object.fromEntries(
    names.map((name) => {
      const file = `${folder}/${name}/${fileName}`;
      return [name, read(name, new ManifestReader(file, readFileSync(join(root, file), "utf8")))];
    }),
  );
}

/** One manifest, and the checks of its fields. Each throws an Error naming the file, the field, what it must be and what it is. */
export class ManifestReader {
  /** What the file holds. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    private readonly file: string,
    text: string,
  ) {
    this.fields = this.parse(text);
  }

  /** @param wanted e.g. `a list of names` */
  check(field: string, value: unknown, fits: boolean, wanted: string): void {
    if (!fits) throw new Error(`${this.file}: ${field} must be ${wanted}, got ${JSON.stringify(value)}`);
  }

  /**
   * Refuses fields that are not known: one that is misspelt would go unheeded.
   *
   * @param path of the object in the file, with a dot at its end, or empty
   */
  checkKeys(path: string, value: object, known: readonly string[]): void {
    const unknown = Object.keys(value).find((key) => !known.includes(key));
    if (unknown === undefined) return;
    throw new Error(`${this.file}: ${path}${unknown} is not known; known are ${known.join(", ")}`);
  }

  /** Text that is not empty. */
  checkText(field: string, value = this.fields[field]): void {
    this.check(field, value, typeof value === "string" && value !== "", "a text");
  }

  checkRange(field: string, minimum: number, maximum: number): void {
    const value = this.fields[field];
    const fits = Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
    this.check(field, value, fits, `a whole number from ${minimum} to ${maximum}`);
  }

  checkNames(field: string, value: unknown): void {
    this.check(field, value, isNames(value), "a list of names");
  }

  private parse(text: string): Record<string, unknown> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new Error(`${this.file}: not valid JSON: ${(error as Error).message}`);
    }
    if (!isObject(value)) throw new Error(`${this.file}: must hold an object, got ${JSON.stringify(value)}`);
    return value;
  }
}

/** A JSON object: neither a list nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
