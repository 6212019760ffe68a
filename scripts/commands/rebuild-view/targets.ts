import { CommandError } from "../../internal/cli";

/** A synthesised stack, as far as the view is looked for in it. */
export interface StackWithHistory {
  readonly provider?: {
    readonly aws?: readonly {
      readonly alias?: string;
      readonly region: string;
      readonly allowed_account_ids?: readonly string[];
    }[];
  };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

type Block = Readonly<Record<string, unknown>>;

/** What a rebuild of the view works with, by its names in AWS. */
export interface HistoryTargets {
  readonly accountId: string;
  readonly region: string;
  readonly tableName: string;
  readonly archiveName: string;
  readonly archiveArn: string;
  readonly busArn: string;
  /** Of the one rule that a replay is to reach. */
  readonly ruleArn: string;
  readonly queueName: string;
  /** Where the projector's failures of replayed events end. */
  readonly deadLetterQueueName: string;
}

/** What modules/order-history calls its table, behind the environment's prefix. */
const TABLE = "-order-history";

/**
 * Finds in a synthesised stack what a rebuild works with: the rule that takes replayed events alone, its bus, that one's archive, the rule's queue,
 * and the view's table.
 *
 * @throws CommandError when the environment has no view of orders, or no archive to build it from
 */
export function historyTargets(environment: string, stack: StackWithHistory): HistoryTargets {
  const provider = stack.provider?.aws?.find(({ alias }) => alias === undefined);
  if (!provider) throw new Error("the stack has no provider of AWS");
  const { region, allowed_account_ids: [accountId = ""] = [] } = provider;
  const blocks = (type: string) => Object.entries(stack.resource?.[type] ?? {});
  const lacks = (what: string) =>
    new CommandError(
      environment,
      `has no ${what}`,
      "microservices.events.history of its specification adds it",
    );

  const table = blocks("aws_dynamodb_table").find(([, { name }]) => String(name).endsWith(TABLE))?.[1];
  if (!table) throw lacks("view of orders");
  const [ruleId, rule] =
    blocks("aws_cloudwatch_event_rule").find(([, { event_pattern }]) => takesReplays(event_pattern)) ?? [];
  if (!rule) throw lacks("rule that takes replayed events");
  const busId = referenced(rule["event_bus_name"]);
  const named = (type: string, id: string, what: string) => {
    const name = stack.resource?.[type]?.[id]?.["name"];
    if (typeof name === "string") return name;
    throw lacks(what);
  };
  const busName = named("aws_cloudwatch_event_bus", busId, "bus of events");
  const archive = blocks("aws_cloudwatch_event_archive").find(
    ([, { event_source_arn }]) => referenced(event_source_arn) === busId,
  )?.[1];
  if (!archive) throw lacks("archive of events");
  const target = blocks("aws_cloudwatch_event_target").find(
    ([, it]) => referenced(it["rule"]) === ruleId,
  )?.[1];
  const queueId = referenced(target?.["arn"]);
  const { redrive_policy } = stack.resource?.["aws_sqs_queue"]?.[queueId] ?? {};
  const { deadLetterTargetArn } = JSON.parse(String(redrive_policy ?? "{}"));
  const archiveName = String(archive["name"]);
  const arn = (what: string) => `arn:aws:events:${region}:${accountId}:${what}`;
  return {
    ...{ accountId, region, tableName: String(table["name"]) },
    ...{ archiveName, archiveArn: arn(`archive/${archiveName}`), busArn: arn(`event-bus/${busName}`) },
    ruleArn: arn(`rule/${busName}/${rule["name"]}`),
    queueName: named("aws_sqs_queue", queueId, "queue of replayed events"),
    deadLetterQueueName: named("aws_sqs_queue", referenced(deadLetterTargetArn), "queue of their failures"),
  };
}

function takesReplays(pattern: unknown): boolean {
  return typeof pattern === "string" && Object.hasOwn(JSON.parse(pattern) as object, "replay-name");
}

/** Id of the resource that a value refers to, e.g. `bus` of `${aws_cloudwatch_event_bus.bus.arn}`. */
function referenced(value: unknown): string {
  return /^\$\{\w+\.([\w-]+)\.\w+\}$/.exec(String(value))?.[1] ?? "";
}
