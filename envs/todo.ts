import { TerraformOutput, type TerraformStack } from "cdktf";
import type { CognitoAuth } from "../modules/cognito-auth";
import { DaxCluster } from "../modules/dax-cluster";
import type { Network } from "../modules/network";
import { ApiDomain, TodoApi, TodoTable } from "../modules/todo-api";
import { UserFiles } from "../modules/user-files";
import { WebAcl } from "../modules/web-acl";
import { addAuth } from "./auth";
import type { Foundation } from "./foundation";
import { functionArtifact, servedContract } from "./project";
import type { EnvironmentSpec } from "./spec";

type TodoSpec = NonNullable<EnvironmentSpec["todo"]>;

/**
 * Adds system A, the to-do back end: files, sign-in, table, its cache, the API.
 *
 * @returns sign-up and sign-in of its users
 * @throws Error naming the file that a version of the API or a SAML provider lacks
 */
export function addTodo(stack: TerraformStack, spec: TodoSpec, foundation: Foundation): CognitoAuth {
  const { label, alarmTopicArn, logRetentionDays, deletionProtection, artifactBucket } = foundation;
  const shared = { label, alarmTopicArn, logRetentionDays };
  const webAcl =
    spec.api.firewall &&
    new WebAcl(stack, "todo-firewall", {
      ...shared,
      name: "todo",
      scope: "REGIONAL",
      requestsPerFiveMinutesPerIp: spec.api.firewall.requestsPerFiveMinutesPerIp,
      countedCommonRules: spec.api.firewall.countedCommonRules,
      kmsKeyArn: foundation.telemetryKeyArn,
    });
  const files = new UserFiles(stack, "user-files", {
    ...shared,
    artifact: functionArtifact(foundation, "upload-guard"),
    artifactBucket,
    kmsKeyArn: foundation.dataKeyArn,
    logKmsKeyArn: foundation.telemetryKeyArn,
    accessLogBucket: foundation.accessLogBucket,
    corsOrigins: spec.files.corsOrigins,
    noncurrentVersionDays: spec.files.noncurrentVersionDays,
    maxObjectMegabytes: spec.files.maxObjectMegabytes,
    ...(spec.files.trafficShift && { trafficShift: spec.files.trafficShift }),
    deletionProtection,
  });
  const auth = addAuth(stack, spec.auth, {
    root: foundation.root,
    label,
    alarmTopicArn,
    deletionProtection,
    authenticatedStatements: files.grantOwnFolder(),
    ...(webAcl && { webAclArn: webAcl.arn }),
  });
  const table = new TodoTable(stack, "todo-table", {
    label,
    alarmTopicArn,
    kmsKeyArn: foundation.dataKeyArn,
    deletionProtection,
    pointInTimeRecoveryDays: spec.table.pointInTimeRecoveryDays,
    ...(spec.table.provisioned && {
      readCapacity: spec.table.provisioned.read,
      writeCapacity: spec.table.provisioned.write,
    }),
    ...(spec.table.onDemandMaximum && {
      onDemandMaximumReadUnits: spec.table.onDemandMaximum.read,
      onDemandMaximumWriteUnits: spec.table.onDemandMaximum.write,
    }),
  });
  const dax =
    spec.dax && foundation.network && addDax(stack, spec.dax, foundation, foundation.network, table);

  const { domain } = spec.api;
  const apiDomain =
    domain &&
    new ApiDomain(stack, "todo-domain", {
      domainName: domain.name,
      certificateArn: domain.certificateArn,
      ...(domain.hostedZoneId !== undefined && { hostedZoneId: domain.hostedZoneId }),
    });
  const served = Object.entries(spec.api.versions);
  const urls = new Map<string, string>();
  for (const [version, own] of newestFirst(served)) {
    const { contract, artifact } = servedContract(foundation, `todos/${version}`, "todo.api.versions");
    const successorUrl = urls.get(contract.deprecation?.successor ?? "");
    const api = new TodoApi(stack, `todo-api-${version}`, {
      ...shared,
      contract,
      artifact,
      ...(successorUrl !== undefined && { successorUrl }),
      artifactBucket,
      tableName: table.tableName,
      tableStatements: table.grantReadWrite(),
      userPoolArn: auth.userPoolArn,
      throttleRatePerSecond: own.throttleRatePerSecond ?? spec.api.throttleRatePerSecond,
      throttleBurst: own.throttleBurst ?? spec.api.throttleBurst,
      operationThrottles: own.operationThrottles ?? spec.api.operationThrottles,
      reservedConcurrency: own.reservedConcurrency ?? spec.api.reservedConcurrency,
      ...(spec.api.trafficShift && { trafficShift: spec.api.trafficShift }),
      kmsKeyArn: foundation.dataKeyArn,
      logKmsKeyArn: foundation.telemetryKeyArn,
      ...(spec.api.corsOrigin !== undefined && { corsOrigin: spec.api.corsOrigin }),
      ...(spec.api.cache && {
        cacheSizeGigabytes: spec.api.cache.sizeGigabytes,
        cacheTtlSeconds: spec.api.cache.ttlSeconds,
      }),
      ...(webAcl && { webAclArn: webAcl.arn }),
      ...(apiDomain && { domainName: apiDomain.domainName }),
      ...(dax &&
        foundation.network && {
          daxEndpoint: dax.endpoint,
          daxStatements: dax.grantRead(),
          vpcSubnetIds: foundation.network.isolatedSubnetIds,
          vpcSecurityGroupIds: [dax.clientSecurityGroupId],
        }),
    });
    urls.set(version, api.url);
  }

  // Where records that are kept elsewhere must point.
  if (apiDomain) output(stack, "todo_api_domain_target", apiDomain.target);
  output(stack, "todo_api_url", urls.get(served[0]?.[0] ?? "") ?? "");
  output(
    stack,
    "todo_api_urls",
    Object.fromEntries(served.map(([version]) => [version, urls.get(version) ?? ""])),
  );
  output(stack, "user_files_bucket", files.bucketName);
  return auth;
}

/** Versions, the newest first: a deprecated one names the URL of its successor. */
function newestFirst<T>(versions: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...versions].sort(([left], [right]) => right.localeCompare(left, "en", { numeric: true }));
}

function addDax(
  stack: TerraformStack,
  spec: NonNullable<TodoSpec["dax"]>,
  { label, alarmTopicArn, deletionProtection, dataKeyArn }: Foundation,
  network: Network,
  table: TodoTable,
): DaxCluster {
  return new DaxCluster(stack, "todo-cache", {
    label,
    name: "todo",
    nodeType: spec.nodeType,
    nodes: spec.nodes,
    subnetIds: network.isolatedSubnetIds,
    availabilityZones: network.availabilityZones,
    vpcId: network.vpcId,
    dynamodbPrefixListId: network.dynamodbPrefixListId,
    tableArn: table.tableArn,
    tableKmsKeyArn: dataKeyArn,
    recordTtlMilliseconds: spec.recordTtlSeconds * 1000,
    queryTtlMilliseconds: spec.queryTtlSeconds * 1000,
    alarmTopicArn,
    deletionProtection,
  });
}

/** Output named as it is read by scripts and people. None may hold a secret: outputs are printed. */
function output(stack: TerraformStack, name: string, value: string | Record<string, string>): void {
  new TerraformOutput(stack, name, { value });
}
