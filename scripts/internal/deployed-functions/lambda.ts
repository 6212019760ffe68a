import type { LambdaClient } from "@aws-sdk/client-lambda";
import { explainAwsFailure } from "../aws-errors";
import { CommandError } from "../cli";
import type { FunctionsOfStack } from "./stack";

/** A published version of a function. */
export interface FunctionVersion {
  /** A whole number, as text. */
  readonly version: string;
  /** When it was published, as an ISO time. */
  readonly publishedAt: string;
  readonly description: string;
  /** SHA-256 of its code, hexadecimal. */
  readonly codeSha256: string;
  readonly codeBytes: number;
}

/** What the alias `live` leads to. */
export interface LiveAlias {
  readonly version: string;
  /** Shares from 0 to 1 of other versions, during a shift. */
  readonly weights: Readonly<Record<string, number>>;
  /** Changes with each change of the alias. */
  readonly revisionId: string;
}

/** What is asked of Lambda. */
export interface LambdaService {
  /** The published versions, oldest first. */
  versions(deployedName: string): Promise<FunctionVersion[]>;
  live(deployedName: string): Promise<LiveAlias>;
  /**
   * Leads the alias to one version alone.
   *
   * @throws CommandError when somebody else has changed the alias since `from` was read
   */
  moveLive(deployedName: string, from: LiveAlias, version: string): Promise<void>;
  close(): void;
}

const ALIAS = "live";

/**
 * Lambda in the account and region of a stack. Functions are named by their ARN: credentials of another account reach none of the
 * same name.
 */
export async function openLambda({ accountId, region }: FunctionsOfStack): Promise<LambdaService> {
  const sdk = await import("@aws-sdk/client-lambda");
  const client: LambdaClient = new sdk.LambdaClient({ region });
  const arnOf = (name: string) => `arn:aws:lambda:${region}:${accountId}:function:${name}`;
  const explained = async <T>(name: string, rights: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      if ((error as Error).name === "ResourceNotFoundException") {
        throw new CommandError(
          `function ${name}`,
          "is not deployed, or has no alias live",
          "deploy it first",
        );
      }
      if ((error as Error).name === "PreconditionFailedException") {
        throw new CommandError(
          `function ${name}`,
          "its alias was moved meanwhile",
          "look again, then run this again",
        );
      }
      throw explainAwsFailure(error, { service: "Lambda", place: `function ${name}`, rights });
    }
  };
  return {
    versions: (name) =>
      explained(name, "lambda:ListVersionsByFunction", async () => {
        const versions: FunctionVersion[] = [];
        for await (const page of sdk.paginateListVersionsByFunction(
          { client },
          { FunctionName: arnOf(name) },
        )) {
          for (const { Version, LastModified, Description, CodeSha256, CodeSize } of page.Versions ?? []) {
            if (Version === undefined || Version === "$LATEST") continue;
            versions.push({
              version: Version,
              publishedAt: isoTime(LastModified),
              description: Description ?? "",
              codeSha256: Buffer.from(CodeSha256 ?? "", "base64").toString("hex"),
              codeBytes: CodeSize ?? 0,
            });
          }
        }
        return versions.sort((left, right) => Number(left.version) - Number(right.version));
      }),
    live: (name) =>
      explained(name, "lambda:GetAlias", async () => {
        const alias = await client.send(new sdk.GetAliasCommand({ FunctionName: arnOf(name), Name: ALIAS }));
        return {
          version: alias.FunctionVersion ?? "",
          weights: alias.RoutingConfig?.AdditionalVersionWeights ?? {},
          revisionId: alias.RevisionId ?? "",
        };
      }),
    moveLive: (name, { revisionId }, FunctionVersion) =>
      explained(name, "lambda:UpdateAlias", async () => {
        await client.send(
          new sdk.UpdateAliasCommand({
            FunctionName: arnOf(name),
            Name: ALIAS,
            FunctionVersion,
            RoutingConfig: { AdditionalVersionWeights: {} },
            ...(revisionId !== "" && { RevisionId: revisionId }),
          }),
        );
      }),
    close: () => client.destroy(),
  };
}

/** Lambda writes `2026-11-24T10:15:00.000+0000`. */
function isoTime(text: string | undefined): string {
  const time = new Date(text ?? "");
  return Number.isNaN(time.getTime()) ? "" : time.toISOString();
}
