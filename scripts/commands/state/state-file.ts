import { CommandError } from "../../internal/cli";

/** What is read of a state: https://developer.hashicorp.com/terraform/internals, state format version 4. */
export interface StateFile {
  /** Goes up by one with each change. */
  readonly serial: number;
  /** Made with the state, and its own for ever: two that differ are of two histories. */
  readonly lineage: string;
  readonly terraformVersion: string;
  /** Addresses of the managed resources, sorted. */
  readonly addresses: readonly string[];
}

/**
 * Reads a state.
 *
 * @param place where it is from, for the error
 * @throws CommandError when it is none
 */
export function readStateFile(text: string, place: string): StateFile {
  const state = parse(text);
  const { version, serial, lineage, terraform_version, resources } = (state ?? {}) as Partial<RawState>;
  if (
    version !== 4 ||
    typeof serial !== "number" ||
    typeof lineage !== "string" ||
    !Array.isArray(resources)
  ) {
    throw new CommandError(place, "is no state of Terraform, version 4");
  }
  return {
    serial,
    lineage,
    terraformVersion: String(terraform_version ?? ""),
    addresses: resources
      .filter(({ mode }) => mode === "managed")
      .map(({ module, type, name }) => `${module === undefined ? "" : `${module}.`}${type}.${name}`)
      .sort(),
  };
}

/** The same state under another serial. */
export function withSerial(text: string, serial: number): string {
  return `${JSON.stringify({ ...(JSON.parse(text) as object), serial }, null, 2)}\n`;
}

interface RawState {
  readonly version: number;
  readonly serial: number;
  readonly lineage: string;
  readonly terraform_version: string;
  readonly resources: readonly {
    readonly mode: string;
    readonly module?: string;
    readonly type: string;
    readonly name: string;
  }[];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
