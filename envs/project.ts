import type { FunctionArtifact } from "../modules/internal/function-bundle";
import type { Contract } from "../modules/internal/rest-api";
import type { ServiceArtifact } from "../modules/internal/service-bundle";

/** What every environment of the project is made from. */
export interface Project {
  /** Folder of the project. */
  readonly root: string;
  /** Built functions by name. */
  readonly artifacts: Readonly<Record<string, FunctionArtifact>>;
  /** Built container services by name. */
  readonly services: Readonly<Record<string, ServiceArtifact>>;
  /** Contracts of the APIs by `<name>/<version>`. */
  readonly contracts: Readonly<Record<string, Contract>>;
}

/** A built function. @throws Error naming the file that is missing */
export function functionArtifact({ artifacts }: Pick<Project, "artifacts">, name: string): FunctionArtifact {
  const found = artifacts[name];
  if (!found)
    throw new Error(`functions/${name}/function.json is missing; an environment needs that function`);
  return found;
}

/** A built container service. @throws Error naming the file that is missing */
export function serviceArtifact({ services }: Pick<Project, "services">, name: string): ServiceArtifact {
  const found = services[name];
  if (!found) throw new Error(`services/${name}/service.json is missing; an environment needs that service`);
  return found;
}

/**
 * A contract and the one function that serves it.
 *
 * @param name `<API>/<version>`
 * @param field field of a specification that names it, for the error
 * @throws Error naming the document that is missing, or what it and the function do not agree on
 */
export function servedContract(
  project: Pick<Project, "artifacts" | "contracts">,
  name: string,
  field: string,
): { readonly contract: Contract; readonly artifact: FunctionArtifact } {
  const contract = project.contracts[name];
  if (!contract) throw new Error(`api/${name}.yaml is missing; ${field} of an environment names it`);
  const functions = [...new Set(contract.operations.map(({ functionName }) => functionName))];
  if (functions.length !== 1) {
    throw new Error(
      `api/${name}.yaml: x-function must be one function for all operations, got ${functions.join(", ")}`,
    );
  }
  const artifact = functionArtifact(project, functions[0] as string);
  if (!artifact.contracts?.includes(name)) {
    throw new Error(
      `functions/${artifact.name}/function.json: contracts must hold "${name}" once the function serves it`,
    );
  }
  return { contract, artifact };
}
