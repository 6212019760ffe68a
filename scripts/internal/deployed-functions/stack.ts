import { CommandError, EXIT } from "../cli";

/** A synthesised stack, as far as functions are looked for in it. */
export interface StackWithFunctions {
  readonly provider?: {
    readonly aws?: readonly {
      readonly alias?: string;
      readonly region: string;
      readonly allowed_account_ids?: readonly string[];
      readonly default_tags?: readonly { readonly tags: Readonly<Record<string, string>> }[];
    }[];
  };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

interface Block {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
  readonly [attribute: string]: unknown;
}

/** A function that callers reach by its alias `live`. */
export interface DeployedFunction {
  /** Short name, e.g. `todos-v1`. */
  readonly name: string;
  /** Name in AWS, e.g. `acme-prod-todos-v1`. */
  readonly deployedName: string;
  /** Where CodeDeploy moves the alias. Absent where the deployment itself does. */
  readonly shift?: { readonly application: string; readonly group: string };
}

/** The functions of an environment, and where they are. */
export interface FunctionsOfStack {
  readonly accountId: string;
  readonly region: string;
  /** In the order of their names. */
  readonly functions: readonly DeployedFunction[];
}

/**
 * Finds the functions of a synthesised stack.
 *
 * @throws Error when the stack has no provider, as none that is synthesised lacks it
 */
export function functionsOf(stack: StackWithFunctions): FunctionsOfStack {
  const provider = stack.provider?.aws?.find(({ alias }) => alias === undefined);
  if (!provider) throw new Error("the stack has no provider of AWS");
  const { project, environment } = provider.default_tags?.[0]?.tags ?? {};
  const prefix = `${project}-${environment}-`;
  const blocks = (type: string) => Object.values(stack.resource?.[type] ?? {});
  const aliases = blocks("aws_lambda_alias").filter(({ name }) => name === "live");
  const groups = blocks("aws_codedeploy_deployment_group");
  const functions = blocks("aws_lambda_function").flatMap((block): DeployedFunction[] => {
    const parent = parentOf(pathOf(block));
    if (!aliases.some((alias) => parentOf(pathOf(alias)) === parent)) return [];
    const deployedName = String(block["function_name"]);
    const group = groups.find((found) => parentOf(parentOf(pathOf(found))) === parent);
    return [
      {
        name: deployedName.startsWith(prefix) ? deployedName.slice(prefix.length) : deployedName,
        deployedName,
        ...(group && {
          shift: { application: applicationOf(stack, group), group: String(group["deployment_group_name"]) },
        }),
      },
    ];
  });
  return {
    accountId: provider.allowed_account_ids?.[0] ?? "",
    region: provider.region,
    functions: functions.sort((left, right) => (left.name < right.name ? -1 : 1)),
  };
}

/**
 * Finds a function by what a person calls it: `todos-v1`; `todos`, where there is one version of it; or its name in AWS.
 *
 * @throws CommandError naming those that there are, or that could be meant
 */
export function findFunction(
  environment: string,
  functions: readonly DeployedFunction[],
  asked: string,
): DeployedFunction {
  const exact = functions.find(({ name, deployedName }) => name === asked || deployedName === asked);
  if (exact) return exact;
  const versions = functions.filter(({ name }) => name.replace(/-v\d+$/, "") === asked);
  if (versions.length === 1) return versions[0] as DeployedFunction;
  const names = (versions.length > 0 ? versions : functions).map(({ name }) => name).join(", ");
  throw new CommandError(
    environment,
    versions.length > 0 ? `"${asked}" is several functions` : `has no function "${asked}"`,
    names === "" ? "it has none at all" : `name one of: ${names}`,
    EXIT.usage,
  );
}

function applicationOf(stack: StackWithFunctions, group: Block): string {
  const id = /^\$\{aws_codedeploy_app\.(.+)\.name\}$/.exec(String(group["app_name"]))?.[1] ?? "";
  return String(stack.resource?.["aws_codedeploy_app"]?.[id]?.["name"]);
}

function pathOf(block: Block): string {
  return block["//"]?.metadata?.path ?? "";
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
