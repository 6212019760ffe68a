import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { CognitoAuth } from "../modules/cognito-auth";
import { DaxCluster } from "../modules/dax-cluster";
import type { FunctionArtifact } from "../modules/internal/function-bundle";
import type { Label } from "../modules/internal/label";
import type { Contract } from "../modules/internal/rest-api";
import type { Network } from "../modules/network";
import { ApiDomain, TodoApi, TodoTable } from "../modules/todo-api";
import { UserFiles } from "../modules/user-files";
import { WebAcl } from "../modules/web-acl";
import type { EnvironmentSpec } from "./spec";

/** What system A stands on. */
export interface Foundation {
  /** Folder of the project. */
  readonly root: string;
  /** Built functions by name. */
  readonly artifacts: Readonly<Record<string, FunctionArtifact>>;
  /** Contracts of the APIs by `<name>/<version>`. */
  readonly contracts: Readonly<Record<string, Contract>>;
  readonly label: Label;
  /** ARN of the key of what users own. */
  readonly dataKeyArn: string;
  /** ARN of the key of logs and alarms. */
  readonly telemetryKeyArn: string;
  readonly logRetentionDays: number;
  readonly deletionProtection: boolean;
  readonly alarmTopicArn: string;
  readonly artifactBucket: string;
  readonly accessLogBucket: string;
  /** @default no VPC */
  readonly network?: Network;
  readonly availabilityZones: readonly string[];
}

type TodoSpec = NonNullable<EnvironmentSpec["todo"]>;

/**
 * Adds system A, the to-do back end: files, sign-in, table, its cache, the API.
 *
 * @throws Error naming the file that a version of the API or a SAML provider lacks
 */
export function addTodo(stack: Construct, spec: TodoSpec, foundation: Foundation): void {
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
    artifact: artifact(foundation, "upload-guard"),
    artifactBucket,
    kmsKeyArn: foundation.dataKeyArn,
    logKmsKeyArn: foundation.telemetryKeyArn,
    accessLogBucket: foundation.accessLogBucket,
    corsOrigins: spec.files.corsOrigins,
    noncurrentVersionDays: spec.files.noncurrentVersionDays,
    maxObjectMegabytes: spec.files.maxObjectMegabytes,
    deletionProtection,
  });
  const auth = addAuth(stack, spec.auth, foundation, files, webAcl?.arn);
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
  const urls = spec.api.versions.map((version) => {
    const api = new TodoApi(stack, `todo-api-${version}`, {
      ...shared,
      ...servedContract(foundation, `todos/${version}`),
      artifactBucket,
      tableName: table.tableName,
      tableStatements: table.grantReadWrite(),
      userPoolArn: auth.userPoolArn,
      throttleRatePerSecond: spec.api.throttleRatePerSecond,
      throttleBurst: spec.api.throttleBurst,
      operationThrottles: spec.api.operationThrottles,
      reservedConcurrency: spec.api.reservedConcurrency,
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
    return [version, api.url] as const;
  });

  // Where records that are kept elsewhere must point.
  if (apiDomain) output(stack, "todo_api_domain_target", apiDomain.target);
  output(stack, "todo_api_url", urls[0]?.[1] ?? "");
  output(stack, "todo_api_urls", Object.fromEntries(urls));
  output(stack, "user_files_bucket", files.bucketName);
}

function addAuth(
  stack: Construct,
  spec: TodoSpec["auth"],
  { label, alarmTopicArn, deletionProtection, root }: Foundation,
  files: UserFiles,
  webAclArn: string | undefined,
): CognitoAuth {
  const auth = new CognitoAuth(stack, "auth", {
    label,
    alarmTopicArn,
    deletionProtection,
    mfa: spec.mfa,
    threatProtection: spec.threatProtection,
    accessTokenMinutes: spec.accessTokenMinutes,
    refreshTokenDays: spec.refreshTokenDays,
    callbackUrls: spec.callbackUrls,
    logoutUrls: spec.logoutUrls,
    passwordMinimumLength: spec.passwordMinimumLength,
    ...(spec.refreshTokenRotationGraceSeconds !== undefined && {
      refreshTokenRotationGraceSeconds: spec.refreshTokenRotationGraceSeconds,
    }),
    ...(spec.domain && { domainName: spec.domain.name, certificateArn: spec.domain.certificateArn }),
    ...(spec.domain?.hostedZoneId !== undefined && { hostedZoneId: spec.domain.hostedZoneId }),
    ...(spec.sesIdentityArn !== undefined && { sesIdentityArn: spec.sesIdentityArn }),
    ...(spec.senderEmail !== undefined && { senderEmail: spec.senderEmail }),
    scopes: spec.scopes,
    groups: spec.groups,
    customAttributes: spec.customAttributes,
    oidcProviders: spec.oidcProviders,
    samlProviders: spec.samlProviders.map(({ metadataFile, metadataUrl, ...provider }) => ({
      ...provider,
      ...(metadataUrl !== undefined && { metadataUrl }),
      ...(metadataFile !== undefined && { metadataDocument: readFileSync(join(root, metadataFile), "utf8") }),
    })),
    authenticatedStatements: files.grantOwnFolder(),
    ...(webAclArn !== undefined && { webAclArn }),
  });
  output(stack, "user_pool_id", auth.userPoolId);
  output(stack, "mobile_client_id", auth.mobileClientId);
  output(stack, "identity_pool_id", auth.identityPoolId);
  output(stack, "hosted_domain_url", auth.hostedDomainUrl);
  if (spec.domain) output(stack, "hosted_domain_target", auth.hostedDomainAliasTarget ?? "");
  return auth;
}

function addDax(
  stack: Construct,
  spec: NonNullable<TodoSpec["dax"]>,
  { label, alarmTopicArn, deletionProtection, dataKeyArn, availabilityZones }: Foundation,
  network: Network,
  table: TodoTable,
): DaxCluster {
  return new DaxCluster(stack, "todo-cache", {
    label,
    name: "todo",
    nodeType: spec.nodeType,
    nodes: spec.nodes,
    subnetIds: network.isolatedSubnetIds,
    availabilityZones,
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

function artifact({ artifacts }: Foundation, name: string): FunctionArtifact {
  const found = artifacts[name];
  if (!found)
    throw new Error(`functions/${name}/function.json is missing; the to-do system needs that function`);
  return found;
}

/** A contract and the one function that serves it. */
function servedContract(
  foundation: Foundation,
  name: string,
): { contract: Contract; artifact: FunctionArtifact } {
  const contract = foundation.contracts[name];
  if (!contract) throw new Error(`api/${name}.yaml is missing; todo.api.versions of an environment names it`);
  const functions = [...new Set(contract.operations.map(({ functionName }) => functionName))];
  if (functions.length !== 1) {
    throw new Error(
      `api/${name}.yaml: x-function must be one function for all operations, got ${functions.join(", ")}`,
    );
  }
  const found = artifact(foundation, functions[0] as string);
  if (!found.contracts?.includes(name)) {
    throw new Error(
      `functions/${found.name}/function.json: contracts must hold "${name}" once the function serves it`,
    );
  }
  return { contract, artifact: found };
}

/** Output named as it is read by scripts and people. None may hold a secret: outputs are printed. */
function output(stack: Construct, name: string, value: string | Record<string, string>): void {
  new TerraformOutput(stack, name, { value });
}
