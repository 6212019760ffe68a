import { DaxCluster as AwsDaxCluster } from "@cdktf/provider-aws/lib/dax-cluster";
import { DaxParameterGroup } from "@cdktf/provider-aws/lib/dax-parameter-group";
import { DaxSubnetGroup } from "@cdktf/provider-aws/lib/dax-subnet-group";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { type PolicyStatement, Role } from "../internal/iam";
import type { Label } from "../internal/label";
import { addDaxAlarms } from "./alarms";
import { DaxSecurityGroups } from "./security-groups";

/** A cache before one table. */
export interface DaxClusterConfig {
  /** Names of the environment. */
  readonly label: Label;
  /** Short name of the cluster, e.g. `todo`. */
  readonly name: string;
  /** Type of the nodes, e.g. `dax.t3.small`. Changing it replaces the cluster. */
  readonly nodeType: string;
  /** Number of nodes, 1 to 11; 3 survive the loss of a zone with a reserve. */
  readonly nodes: number;
  /** Subnets of the nodes, one in each zone; DAX spreads the nodes over them. */
  readonly subnetIds: readonly string[];
  /** Zones of those subnets, two at least. */
  readonly availabilityZones: readonly string[];
  /** Id of the VPC. */
  readonly vpcId: string;
  /** Prefix list of DynamoDB's addresses. */
  readonly dynamodbPrefixListId: string;
  /** ARN of the table that is cached. */
  readonly tableArn: string;
  /** ARN of the KMS key that encrypts the table. */
  readonly tableKmsKeyArn: string;
  /** Milliseconds that an item stays cached, 1 at least. */
  readonly recordTtlMilliseconds: number;
  /** Milliseconds that the result of a query stays cached, 1 at least. */
  readonly queryTtlMilliseconds: number;
  /** SNS topic of the alarms. */
  readonly alarmTopicArn: string;
  /** Terraform refuses to destroy or replace the cluster: its load would fall on the table at once. */
  readonly deletionProtection: boolean;
}

/** What is read of a table through the cache. The cluster writes nothing. */
const READS = ["BatchGetItem", "GetItem", "Query"];

/**
 * DAX cluster with its role, security groups and alarms.
 *
 * @throws Error naming the field, what it must be and what it is
 */
export class DaxCluster extends Construct {
  /** URL of the cluster for the DAX client, `daxs://…`: the scheme asks for TLS and the port follows from it. */
  readonly endpoint: string;
  /** ARN of the cluster. */
  readonly clusterArn: string;
  /** Security group to give to what uses the cluster; it reaches the cluster and DynamoDB alone. */
  readonly clientSecurityGroupId: string;

  constructor(scope: Construct, id: string, config: DaxClusterConfig) {
    super(scope, id);
    checkConfig(config);
    const { label, name } = config;
    const role = new Role(this, "role", {
      name: label.name(`${name}-dax`),
      trust: [
        {
          principals: { Service: "dax.amazonaws.com" },
          // IfExists: AWS does not say that DAX names the account; a role cannot be passed to another one's cluster anyway.
          conditions: { StringEqualsIfExists: { "aws:SourceAccount": label.accountId } },
        },
      ],
      statements: tableStatements(config),
    });
    const groups = new DaxSecurityGroups(this, "security-groups", config);
    const subnets = new DaxSubnetGroup(this, "subnets", {
      name: label.name(name, 255),
      description: `Subnets of DAX cluster ${name}`,
      subnetIds: [...config.subnetIds],
    });
    const cluster = new AwsDaxCluster(this, "cluster", {
      clusterName: label.name(name, 20),
      description: `Cache of ${name}`,
      nodeType: config.nodeType,
      // No availability_zones: DAX spreads the nodes by itself, and another list would replace the cluster.
      replicationFactor: config.nodes,
      iamRoleArn: role.arn,
      subnetGroupName: subnets.name,
      securityGroupIds: [groups.clusterGroupId],
      parameterGroupName: this.addParameters(config).name,
      clusterEndpointEncryptionType: "TLS",
      serverSideEncryption: { enabled: true },
      maintenanceWindow: "sun:03:00-sun:04:00",
      lifecycle: { preventDestroy: config.deletionProtection },
      dependsOn: [role.policy],
    });
    addDaxAlarms(this, {
      label,
      name,
      clusterName: cluster.clusterName,
      topicArn: config.alarmTopicArn,
    });
    this.endpoint = `daxs://${cluster.clusterAddress}`;
    this.clusterArn = cluster.arn;
    this.clientSecurityGroupId = groups.clientGroupId;
  }

  /** What a function needs to read the table through the cluster. */
  grantRead(): PolicyStatement[] {
    return [{ sid: "ReadCache", actions: READS.map((read) => `dax:${read}`), resources: [this.clusterArn] }];
  }

  /** DAX lets no parameter group change while a cluster uses it: other values are another group. */
  private addParameters(config: DaxClusterConfig): DaxParameterGroup {
    const { label, name, recordTtlMilliseconds, queryTtlMilliseconds } = config;
    return new DaxParameterGroup(this, "parameters", {
      name: label.name(`${name}-${recordTtlMilliseconds}-${queryTtlMilliseconds}`, 255),
      description: `TTLs of DAX cluster ${name}; a node takes new ones when it restarts`,
      parameters: [
        { name: "query-ttl-millis", value: String(queryTtlMilliseconds) },
        { name: "record-ttl-millis", value: String(recordTtlMilliseconds) },
      ],
      lifecycle: { createBeforeDestroy: true },
    });
  }
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.access-control.html */
function tableStatements({ label, tableArn, tableKmsKeyArn }: DaxClusterConfig): PolicyStatement[] {
  return [
    {
      sid: "ReadTable",
      actions: ["dynamodb:DescribeTable", ...READS.map((read) => `dynamodb:${read}`)],
      resources: [tableArn, `${tableArn}/index/*`],
    },
    {
      sid: "DecryptTable",
      actions: ["kms:Decrypt"],
      resources: [tableKmsKeyArn],
      conditions: { StringEquals: { "kms:ViaService": `dynamodb.${label.region}.amazonaws.com` } },
    },
  ];
}

function checkConfig(config: DaxClusterConfig): void {
  checkWholeNumber("nodes", config.nodes, 1, 11);
  checkWholeNumber("recordTtlMilliseconds", config.recordTtlMilliseconds, 1);
  checkWholeNumber("queryTtlMilliseconds", config.queryTtlMilliseconds, 1);
  const { availabilityZones, nodeType, subnetIds } = config;
  if (!Token.isUnresolved(nodeType) && !nodeType.startsWith("dax.")) {
    throw new Error(`nodeType must be a DAX node type such as dax.t3.small, got "${nodeType}"`);
  }
  if (availabilityZones.length < 2) {
    throw new Error(`availabilityZones must hold at least 2 zones, got ${availabilityZones.length}`);
  }
  // A list that is itself a token has no length yet.
  if (!Token.isUnresolved(subnetIds) && subnetIds.length !== availabilityZones.length) {
    throw new Error(
      `subnetIds must hold one subnet for each of the ${availabilityZones.length} availabilityZones, got ${subnetIds.length}`,
    );
  }
}

function checkWholeNumber(field: string, value: number, least: number, most?: number): void {
  if (Token.isUnresolved(value)) return;
  if (Number.isInteger(value) && value >= least && (most === undefined || value <= most)) return;
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Error(`${field} must be a whole number ${range}, got ${value}`);
}
