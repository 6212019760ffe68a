import type { PolicyStatement } from "../internal/iam";

/** What a role does with a key through one service, for one resource. */
export interface KeyUse {
  /** e.g. `kms:Decrypt`. */
  readonly actions: readonly string[];
  /** ARN of the KMS key. */
  readonly kmsKeyArn: string;
  /** Service that calls KMS in the role's name, e.g. `sqs.eu-west-1.amazonaws.com`. */
  readonly service: string;
  /** What the service names as encryption context: the key guards more than this one resource. */
  readonly context: Readonly<Record<string, string>>;
}

/** A statement that lets a role use a key for one resource of one service, and for nothing else. */
export function useKeyStatement(sid: string, use: KeyUse): PolicyStatement {
  const contexts = Object.entries(use.context).map(
    ([key, value]) => [`kms:EncryptionContext:${key}`, value] as const,
  );
  return {
    sid,
    actions: use.actions,
    resources: [use.kmsKeyArn],
    conditions: { StringEquals: { "kms:ViaService": use.service, ...Object.fromEntries(contexts) } },
  };
}
