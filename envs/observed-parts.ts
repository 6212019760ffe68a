import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";
import type { Label } from "../modules/internal/label";
import type { ObservedPart } from "../modules/observability";
import { resourcesOf, type StackResource } from "./resources";

/** Where CloudFront, and firewalls before it, have their metrics. */
const CLOUDFRONT_REGION = "us-east-1";

/** What Terraform is told of a resource, references as it writes them. */
// biome-ignore lint/suspicious/noExplicitAny: a resource's arguments, whose shapes its type alone knows.
type Arguments = Readonly<Record<string, any>>;

/** A resource of a stack that is looked at. */
export interface ObservedResource extends StackResource {
  /** Id of the construct at the top of the stack that it is part of, e.g. `todo-api-v1`. */
  readonly top: string;
  readonly arguments: Arguments;
  /** Reference to an attribute, e.g. `${aws_lb.internal.arn_suffix}`. */
  ref(attribute: string): string;
}

/** Types of resources that are looked at besides those with parts. */
const OTHER_TYPES = new Set([
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_metric_alarm",
  "aws_api_gateway_rest_api",
]);

/** All resources of a stack that observing it takes an interest in. */
export function observedResources(stack: TerraformStack): ObservedResource[] {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return resourcesOf(stack)
    .filter(({ type }) => type in PARTS || OTHER_TYPES.has(type))
    .map((it) => {
      const blocks = it.resource.toTerraform().resource[it.type] as Record<string, unknown>;
      const [block] = Object.values(blocks);
      return {
        ...it,
        top: it.path.split("/", 1)[0] ?? "",
        arguments: Tokenization.resolve(block, { scope: stack, resolver }) as Arguments,
        ref: (attribute) => `\${${it.address}.${attribute}}`,
      };
    });
}

/** What of a resource is measured. */
type Measured = Omit<ObservedPart, "name"> & { readonly name: unknown };

/** What measuring a resource looks at. */
interface Context {
  readonly label: Label;
  /** A resource that another refers to, e.g. by `${aws_api_gateway_rest_api.api.id}`. */
  referred(reference: unknown): ObservedResource | undefined;
}

/** What CloudWatch measures, by the type of the resource. A type that is not here is on no dashboard. */
const PARTS: Readonly<Record<string, (it: ObservedResource, context: Context) => Measured | Measured[]>> = {
  aws_cloudfront_distribution: ({ ref, path }) => ({
    kind: "distribution",
    name: path.split("/", 1)[0],
    dimensions: { DistributionId: ref("id"), Region: "Global" },
    region: CLOUDFRONT_REGION,
  }),
  aws_api_gateway_stage: ({ arguments: { rest_api_id, stage_name } }, { referred }) => {
    const { name } = referred(rest_api_id)?.arguments ?? {};
    return { kind: "api", name, dimensions: { ApiName: name, Stage: stage_name } };
  },
  aws_lb: ({ arguments: { name, load_balancer_type }, ref }) =>
    load_balancer_type === "application"
      ? { kind: "loadBalancer", name, dimensions: { LoadBalancer: ref("arn_suffix") } }
      : [],
  aws_wafv2_web_acl: ({ arguments: { name, scope } }, { label }) => ({
    kind: "firewall",
    name,
    dimensions: { WebACL: name, Rule: "ALL", ...(scope === "REGIONAL" && { Region: label.region }) },
    ...(scope !== "REGIONAL" && { region: CLOUDFRONT_REGION }),
  }),
  aws_cognito_user_pool_client: ({ arguments: { name, user_pool_id }, ref }) => ({
    kind: "userPoolClient",
    name,
    dimensions: { UserPool: user_pool_id, UserPoolClient: ref("id") },
  }),
  aws_ecs_service: ({ arguments: { name, cluster } }) => ({
    kind: "service",
    name,
    dimensions: { ClusterName: String(cluster).replace(/^.*:cluster\//, ""), ServiceName: name },
  }),
  aws_lambda_function: ({ arguments: { function_name: name } }) => ({
    kind: "function",
    name,
    dimensions: { FunctionName: name },
  }),
  aws_sfn_state_machine: ({ arguments: { name }, ref }) => ({
    kind: "workflow",
    name,
    dimensions: { StateMachineArn: ref("arn") },
  }),
  // Those that take what others fail with have nowhere to pass theirs on to.
  aws_sqs_queue: ({ arguments: { name, redrive_policy } }) => ({
    kind: redrive_policy === undefined ? "deadLetterQueue" : "queue",
    name,
    dimensions: { QueueName: name },
  }),
  aws_kinesis_stream: ({ arguments: { name } }) => ({
    kind: "stream",
    name,
    dimensions: { StreamName: name },
  }),
  aws_sns_topic: ({ arguments: { name } }) => ({ kind: "topic", name, dimensions: { TopicName: name } }),
  // Rules of the default bus are for events of AWS's own services.
  aws_cloudwatch_event_rule: ({ arguments: { name, event_bus_name } }) =>
    event_bus_name === undefined
      ? []
      : { kind: "rule", name, dimensions: { EventBusName: event_bus_name, RuleName: name } },
  aws_dynamodb_table: ({ arguments: { name } }) => ({ kind: "table", name, dimensions: { TableName: name } }),
  aws_dax_cluster: ({ arguments: { cluster_name: name } }) => ({
    kind: "dax",
    name,
    dimensions: { ClusterId: name },
  }),
  aws_rds_cluster: ({ arguments: { cluster_identifier: name } }) => ({
    kind: "databaseCluster",
    name,
    dimensions: { DBClusterIdentifier: name },
  }),
  aws_db_instance: ({ arguments: { identifier: name } }) => ({
    kind: "databaseInstance",
    name,
    dimensions: { DBInstanceIdentifier: name },
  }),
  aws_elasticache_cluster: ({ arguments: { cluster_id } }) => cacheNodes([cluster_id]),
  aws_elasticache_replication_group: ({ arguments: group }) => cacheNodes(memberNames(group)),
};

function cacheNodes(names: readonly string[]): Measured[] {
  return names.map((name) => ({ kind: "cacheNode", name, dimensions: { CacheClusterId: name } }));
}

/** Names that ElastiCache gives the members of a group: with shards, the shard's number comes before the member's. */
function memberNames(group: Arguments): string[] {
  const { replication_group_id, num_cache_clusters, num_node_groups, replicas_per_node_group } = group;
  const numbered = (base: string, count: number, digits: number) =>
    Array.from({ length: count }, (_, index) => `${base}-${String(index + 1).padStart(digits, "0")}`);
  if (num_node_groups === undefined) return numbered(replication_group_id, num_cache_clusters ?? 1, 3);
  const shards = numbered(replication_group_id, num_node_groups, 4);
  return shards.flatMap((shard) => numbered(shard, (replicas_per_node_group ?? 0) + 1, 3));
}

/**
 * What CloudWatch measures of resources, each under its name without the environment's.
 *
 * @param of some resources
 * @param all those of the stack, where references lead
 */
export function partsOf(
  of: readonly ObservedResource[],
  all: readonly ObservedResource[],
  label: Label,
): ObservedPart[] {
  const referred = (reference: unknown) =>
    all.find(({ address }) => String(reference).startsWith(`\${${address}.`));
  return of.flatMap((it) => {
    const { region } = (it.resource.provider as AwsProvider | undefined) ?? {};
    return [PARTS[it.type]?.(it, { label, referred }) ?? []]
      .flat()
      .map((part) => ({ ...(region && { region }), ...part, name: shortName(String(part.name), label) }));
  });
}

/** A name without the environment's, e.g. `orders` of `acme-prod-orders`. */
export function shortName(name: string, label: Label): string {
  return name.startsWith(`${label.prefix}-`) ? name.slice(label.prefix.length + 1) : name;
}
