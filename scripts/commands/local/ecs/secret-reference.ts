/** Where the value of a container's secret is kept. */
export type SecretReference =
  | {
      readonly kind: "secret";
      /** ARN or name. */
      readonly id: string;
      /** Field of the secret's JSON object. @default the whole text */
      readonly jsonKey?: string;
      readonly versionStage?: string;
      readonly versionId?: string;
    }
  | {
      readonly kind: "parameter";
      /** Name or ARN. */
      readonly name: string;
    };

/**
 * Reads the `valueFrom` of a container's secret.
 *
 * @param valueFrom `arn:aws:secretsmanager:<region>:<account>:secret:<name>[:<json key>:<version stage>:<version id>]`, the ARN of
 * a parameter, or the name of a parameter
 * @throws Error when it is an ARN of something else
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function parseSecretReference(valueFrom: string): SecretReference {
  if (!valueFrom.startsWith("arn:")) return { kind: "parameter", name: valueFrom };
  const parts = valueFrom.split(":");
  const service = parts[2];
  if (service === "ssm") return { kind: "parameter", name: valueFrom };
  if (service !== "secretsmanager") {
    throw new Error(`valueFrom must name a secret or a parameter, got ${valueFrom}`);
  }
  const [jsonKey, versionStage, versionId] = parts.slice(7);
  return {
    kind: "secret",
    id: parts.slice(0, 7).join(":"),
    ...(jsonKey && { jsonKey }),
    ...(versionStage && { versionStage }),
    ...(versionId && { versionId }),
  };
}

/**
 * Takes one field out of a secret's text.
 *
 * @throws Error naming the field when the text is no JSON object or lacks it; the text is never part of it
 */
export function fieldOf(text: string, jsonKey: string): string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`the secret is no JSON object, and "${jsonKey}" is to be taken out of it`);
  }
  const value = (content as Record<string, unknown> | null)?.[jsonKey];
  if (value === undefined) throw new Error(`the secret has no field "${jsonKey}"`);
  return typeof value === "string" ? value : JSON.stringify(value);
}
