import { CommandError, EXIT } from "../../internal/cli";

/** A synthesised stack, as far as queues of failures are looked for in it. */
export interface StackWithQueues {
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

type Block = Readonly<Record<string, unknown>>;

/** Whose failures a queue keeps, and where they can be moved back to. */
export type FailureSource =
  | { readonly kind: "queue"; readonly queueName: string }
  | { readonly kind: "function"; readonly functionName: string }
  | { readonly kind: "stream" | "rule" | "schedule" };

/** A queue of failures. */
export interface FailureQueue {
  /** Short name of what failed, e.g. `stock`. */
  readonly name: string;
  /** Name in AWS, e.g. `acme-prod-stock-failed`. */
  readonly queueName: string;
  readonly source: FailureSource;
}

/** The queues of failures of an environment, and where they are. */
export interface FailureQueues {
  readonly accountId: string;
  readonly region: string;
  /** In the order of their names. */
  readonly queues: readonly FailureQueue[];
}

/**
 * Finds the queues of failures in a synthesised stack: what a queue, a function, a stream's mapping, a rule or a schedule names as the place for
 * what it could not get rid of.
 *
 * @throws Error when the stack has no provider, as none that is synthesised lacks it
 */
export function failureQueues(stack: StackWithQueues): FailureQueues {
  const provider = stack.provider?.aws?.find(({ alias }) => alias === undefined);
  if (!provider) throw new Error("the stack has no provider of AWS");
  const { project, environment } = provider.default_tags?.[0]?.tags ?? {};
  const prefix = `${project}-${environment}-`;
  const sources = sourcesOf(stack);
  const queues = Object.entries(stack.resource?.["aws_sqs_queue"] ?? {}).flatMap(([id, block]) => {
    const source = sources.get(id);
    if (source === undefined) return [];
    const queueName = String(block["name"]);
    const short = queueName.startsWith(prefix) ? queueName.slice(prefix.length) : queueName;
    return [{ name: short.replace(/-failed(\.fifo)?$/, ""), queueName, source }];
  });
  return {
    accountId: provider.allowed_account_ids?.[0] ?? "",
    region: provider.region,
    queues: queues.sort((left, right) => (left.name < right.name ? -1 : 1)),
  };
}

/**
 * Finds the queues that a person names: by what failed, e.g. `stock`, or as they are in AWS.
 *
 * @param asked all when empty
 * @throws CommandError naming those that there are
 */
export function chooseQueues(
  environment: string,
  queues: readonly FailureQueue[],
  asked: readonly string[],
): readonly FailureQueue[] {
  if (asked.length === 0) return queues;
  const unknown = asked.find((name) => !queues.some((queue) => isCalled(queue, name)));
  if (unknown === undefined) return queues.filter((queue) => asked.some((name) => isCalled(queue, name)));
  throw new CommandError(
    environment,
    `has no queue of failures "${unknown}"`,
    queues.length === 0 ? "it has none at all" : `name some of: ${queues.map(({ name }) => name).join(", ")}`,
    EXIT.usage,
  );
}

function isCalled({ name, queueName }: FailureQueue, asked: string): boolean {
  return asked === name || asked === queueName || asked === `${name}-failed`;
}

/** Ids of queues to whose failures they keep. A queue's own come before what else is sent there. */
function sourcesOf(stack: StackWithQueues): Map<string, FailureSource> {
  const blocks = (type: string) => Object.values(stack.resource?.[type] ?? {});
  const found = new Map<string, FailureSource>();
  const add = (reference: unknown, source: FailureSource) => {
    const id = referenced(reference);
    if (id !== "" && !found.has(id)) found.set(id, source);
  };
  for (const block of blocks("aws_sqs_queue")) {
    const { deadLetterTargetArn } = JSON.parse(String(block["redrive_policy"] ?? "{}"));
    add(deadLetterTargetArn, { kind: "queue", queueName: String(block["name"]) });
  }
  for (const block of blocks("aws_lambda_function_event_invoke_config")) {
    const lambda = stack.resource?.["aws_lambda_function"]?.[referenced(block["function_name"])];
    const functionName = String(lambda?.["function_name"]);
    add(inside(block, "destination_config", "on_failure", "destination"), { kind: "function", functionName });
  }
  for (const block of blocks("aws_lambda_event_source_mapping")) {
    add(inside(block, "destination_config", "on_failure", "destination_arn"), { kind: "stream" });
  }
  for (const block of blocks("aws_cloudwatch_event_target")) {
    add(inside(block, "dead_letter_config", "arn"), { kind: "rule" });
  }
  for (const block of blocks("aws_scheduler_schedule")) {
    add(inside(block, "target", "dead_letter_config", "arn"), { kind: "schedule" });
  }
  return found;
}

function inside(block: Block, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Block | undefined)?.[key], block);
}

/** Id of the resource that a value refers to, e.g. `bus` of `${aws_cloudwatch_event_bus.bus.arn}`. */
function referenced(value: unknown): string {
  return /^\$\{\w+\.([\w-]+)\.\w+\}$/.exec(String(value))?.[1] ?? "";
}
