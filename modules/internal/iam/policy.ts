/** One statement of an identity or resource policy. Effect is Allow unless said otherwise. */
export interface PolicyStatement {
  /** Says what the statement is for; letters and digits only, unique within its policy. */
  readonly sid: string;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** Actions in full, e.g. `dynamodb:GetItem`. */
  readonly actions: readonly string[];
  /** ARNs. A policy variable is written `$${…}`, as Terraform would otherwise interpolate it. */
  readonly resources: readonly string[];
  /** Only in resource policies, e.g. `{ Service: "logs.amazonaws.com" }` or `"*"`. */
  readonly principals?: "*" | Readonly<Record<string, string | readonly string[]>>;
  /** Condition operators to keys to values. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One statement of a role's trust policy. */
export interface TrustStatement {
  /** Who may assume the role, e.g. `{ Service: "lambda.amazonaws.com" }`. */
  readonly principals: Readonly<Record<string, string | readonly string[]>>;
  /** @default ["sts:AssumeRole"] */
  readonly actions?: readonly string[];
  /** Condition operators to keys to values. */
  readonly conditions?: PolicyStatement["conditions"];
}

/**
 * Renders statements as a policy document.
 *
 * @returns JSON text in IAM's grammar, version 2012-10-17
 * @throws Error naming the `sid` that two statements share
 */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  const seen = new Set<string>();
  for (const { sid } of statements) {
    if (seen.has(sid)) throw new Error(`policy: two statements have the sid "${sid}"; give each its own`);
    seen.add(sid);
  }
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? "Allow",
      ...(statement.principals === undefined ? {} : { Principal: statement.principals }),
      Action: statement.actions,
      Resource: statement.resources,
      ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
    })),
  });
}

/** Renders a role's trust policy. */
export function trustDocument(statements: readonly TrustStatement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({
      Effect: "Allow",
      Principal: statement.principals,
      Action: statement.actions ?? ["sts:AssumeRole"],
      ...(statement.conditions === undefined ? {} : { Condition: statement.conditions }),
    })),
  });
}
