import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import type { RoleClients } from "./clients";
import { fieldOf, parseSecretReference } from "./secret-reference";

/**
 * Reads a container's secrets, as ECS does with the task's execution role before it starts.
 *
 * @param references `valueFrom` by the variable's name
 * @throws Error naming the variable that could not be read, and why; never a value
 */
export async function readSecrets(
  references: Readonly<Record<string, string>>,
  clients: RoleClients,
): Promise<Record<string, string>> {
  const entries = Object.entries(references).map(async ([name, valueFrom]) => {
    try {
      return [name, await readOne(valueFrom, clients)] as const;
    } catch (error) {
      throw new Error(`secret ${name} (${valueFrom}): ${(error as Error).message}`);
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function readOne(valueFrom: string, { secrets, parameters }: RoleClients): Promise<string> {
  const reference = parseSecretReference(valueFrom);
  if (reference.kind === "parameter") {
    const { Parameter } = await parameters.send(
      new GetParameterCommand({ Name: reference.name, WithDecryption: true }),
    );
    if (Parameter?.Value === undefined) throw new Error("the parameter has no value");
    return Parameter.Value;
  }
  const { id: SecretId, jsonKey, versionStage, versionId } = reference;
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({
      SecretId,
      ...(versionStage !== undefined && { VersionStage: versionStage }),
      ...(versionId !== undefined && { VersionId: versionId }),
    }),
  );
  if (SecretString === undefined) throw new Error("the secret has no text");
  return jsonKey === undefined ? SecretString : fieldOf(SecretString, jsonKey);
}
