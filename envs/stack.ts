import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { AlarmTopic } from "../modules/alarm-topic";
import { ArtifactBucket } from "../modules/artifact-bucket";
import { workloadBoundaryArn } from "../modules/ci-access";
import { KmsKey } from "../modules/kms-key";
import { LogBucket } from "../modules/log-bucket";
import { Network, VpcPeering } from "../modules/network";
import { trafficOfParts } from "./assumed-traffic";
import { addAuth } from "./auth";
import { Containers } from "./containers";
import { addDownloads } from "./downloads";
import type { Foundation } from "./foundation";
import { addMicroservices } from "./microservices";
import { addObservability } from "./observability";
import { PlatformStack } from "./platform-stack";
import type { Project } from "./project";
import type { EnvironmentSpec } from "./spec";
import { addTodo } from "./todo";

/** One environment: what all systems stand on, then each system that its specification has. */
export class EnvironmentStack extends PlatformStack {
  constructor(scope: Construct, spec: EnvironmentSpec, project: Project) {
    super(scope, spec);
    const { label } = this;
    const { deletionProtection, logRetentionDays } = spec;

    const telemetryKey = new KmsKey(this, "telemetry-key", {
      label,
      name: "telemetry",
      description: "Logs and alarms: what operators read.",
      services: [
        `logs.${spec.account.region}.amazonaws.com`,
        "cloudwatch.amazonaws.com",
        ...(spec.downloads ? ["delivery.logs.amazonaws.com"] : []),
      ],
      deletionWindowDays: spec.keyDeletionDays,
      deletionProtection,
    });
    const dataKey = new KmsKey(this, "data-key", {
      label,
      name: "data",
      description: "Tables, files and functions: what users own.",
      services: [
        ...(spec.downloads?.origin.includes("s3") ? ["cloudfront.amazonaws.com"] : []),
        ...(spec.microservices?.events ? ["events.amazonaws.com"] : []),
        ...(spec.microservices?.events?.catalogImport ? ["s3.amazonaws.com"] : []),
        ...(spec.microservices?.events?.notifications ? ["sns.amazonaws.com"] : []),
        ...(spec.microservices?.events?.fulfilment ? ["delivery.logs.amazonaws.com"] : []),
      ],
      deletionWindowDays: spec.keyDeletionDays,
      deletionProtection,
    });
    const alarms = new AlarmTopic(this, "alarms", {
      label,
      kmsKeyArn: telemetryKey.arn,
      emails: spec.alarmEmails,
    });
    const accessLogs = new LogBucket(this, "access-logs", {
      label,
      retentionDays: logRetentionDays,
      loadBalancerLogs: spec.cluster !== undefined,
      deletionProtection,
    });
    const artifacts = new ArtifactBucket(this, "artifacts", {
      label,
      kmsKeyArn: dataKey.arn,
      accessLogBucket: accessLogs.name,
      deletionProtection,
    });
    const network =
      spec.network &&
      new Network(this, "network", {
        label,
        cidr: spec.network.cidr,
        availabilityZones: spec.network.availabilityZones,
        nat: spec.network.nat,
        ipAddressType: spec.network.ipAddressType,
        interfaceEndpoints: spec.network.interfaceEndpoints,
        flowLogRetentionDays: logRetentionDays,
        kmsKeyArn: telemetryKey.arn,
      });
    if (spec.network && network) addPeerings(this, spec.network.peerings, network);
    const containers =
      spec.cluster &&
      network &&
      new Containers(this, spec.cluster, {
        ...project,
        label,
        network,
        dataKeyArn: dataKey.arn,
        telemetryKeyArn: telemetryKey.arn,
        logRetentionDays,
        alarmTopicArn: alarms.topicArn,
      });
    const foundation: Foundation = {
      ...project,
      label,
      dataKeyArn: dataKey.arn,
      telemetryKeyArn: telemetryKey.arn,
      logRetentionDays,
      keyDeletionDays: spec.keyDeletionDays,
      deletionProtection,
      alarmTopicArn: alarms.topicArn,
      alarmEmails: spec.alarmEmails,
      artifactBucket: artifacts.name,
      accessLogBucket: accessLogs.name,
      ...(network && { network }),
      ...(containers && { containers }),
    };

    const systems: Record<string, readonly string[]> = {};
    const system = <T>(name: string, add: () => T): T => {
      const before = new Set(this.node.children);
      const made = add();
      systems[name] = this.node.children.filter((child) => !before.has(child)).map(({ node }) => node.id);
      return made;
    };
    const todoAuth = system("todo", () => spec.todo && addTodo(this, spec.todo, foundation));
    system("microservices", () => {
      const { auth: ownAuth } = spec.microservices ?? {};
      const auth = todoAuth ?? (ownAuth && addAuth(this, ownAuth, foundation));
      if (spec.microservices && auth && network && containers) {
        addMicroservices(this, spec.microservices, auth, { ...foundation, network, containers });
      }
    });
    system("downloads", () => spec.downloads && addDownloads(this, spec.downloads, foundation));
    addObservability(this, {
      ...{ label, systems },
      alarmTopicArn: alarms.topicArn,
      spec: spec.observability,
    });
    if (spec.ci) boundRoles(this);
    new TerraformOutput(this, "region", { value: spec.account.region });
    // For scripts/cost and scripts/diagram: Terraform ignores them.
    this.addOverride("//.assumedTraffic", trafficOfParts(spec));
    this.addOverride("//.systems", systems);
  }
}

/** No role can do more than the bootstrap stack's policy allows, whatever a deployment gives it: see modules/ci-access. */
function boundRoles(stack: PlatformStack): void {
  const permissionsBoundary = workloadBoundaryArn(stack.label);
  Aspects.of(stack).add({
    visit(node) {
      if (node instanceof IamRole) node.permissionsBoundary = permissionsBoundary;
    },
  });
}

/** Joins the VPC to others of the account. */
function addPeerings(
  stack: PlatformStack,
  peerings: NonNullable<EnvironmentSpec["network"]>["peerings"],
  network: Network,
): void {
  for (const { name, vpcId, cidr, routeTableIds, region } of peerings) {
    const other = region === undefined ? undefined : stack.inRegion(region);
    new VpcPeering(stack, `peering-${name}`, {
      label: stack.label,
      name,
      vpcId: network.vpcId,
      vpcCidr: network.vpcCidr,
      routeTableIds: network.routeTableIds,
      peerVpcId: vpcId,
      peerCidr: cidr,
      peerRouteTableIds: routeTableIds,
      ...(other?.provider && { peerRegion: other.label.region, peerProvider: other.provider }),
    });
  }
}
