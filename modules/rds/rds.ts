import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { Construct } from "constructs";
import { FinalSnapshotName } from "../internal/final-snapshot";
import type { PolicyStatement } from "../internal/iam";
import { ClientSecurityGroups } from "../internal/security-groups";
import { addClusterAlarms, addInstanceAlarms } from "./alarms";
import { checkConfig } from "./check";
import { Cluster } from "./cluster";
import type { RdsConfig, Settings } from "./config";
import { ENGINES, withDefaults } from "./engines";
import { Instance } from "./instance";
import { ConnectionProxy } from "./proxy";
import type { Server, ServerParts } from "./server";

/**
 * Relational database with what belongs to it.
 *
 * @throws Error with one line for each field that is missing, out of range or at odds with another
 */
export class Rds extends Construct {
  /** Address that takes reads and writes: the instance's, or the cluster's writer. */
  readonly endpointAddress: string;
  /** TCP port of every address. */
  readonly port: number;
  /** Name of the database. */
  readonly databaseName: string;
  /** Address that spreads connections over an Aurora cluster's replicas. Undefined outside Aurora. */
  readonly readerEndpointAddress?: string;
  /** Address of RDS Proxy. Undefined without one. */
  readonly proxyEndpointAddress?: string;
  /** Name of the administrator. */
  readonly masterUsername: string;
  /** ARN of the secret with the administrator's `username` and `password`, in JSON. RDS makes and rotates it; no state holds its text. */
  readonly masterSecretArn: string;
  /** Security group of the database. */
  readonly securityGroupId: string;
  /** Security group to give to what uses the database; it reaches the database, and its proxy, alone. */
  readonly clientSecurityGroupId: string;
  /** ARN of the instance or cluster. */
  readonly arn: string;
  private readonly settings: Settings;
  private readonly resourceIds: readonly string[];

  constructor(scope: Construct, id: string, config: RdsConfig) {
    super(scope, id);
    const settings = withDefaults(config);
    checkConfig(settings);
    const { label, name } = settings;
    const groups = new ClientSecurityGroups(this, "security-groups", {
      label,
      name: `${name}-rds`,
      title: `Database ${name}`,
      vpcId: settings.vpcId,
      ports: [settings.port],
    });
    const subnets = new DbSubnetGroup(this, "subnets", {
      name: label.name(name, 255),
      description: `Subnets of database ${name}`,
      subnetIds: [...settings.subnetIds],
    });
    const server = this.addServer(settings, {
      subnetGroupName: subnets.name,
      securityGroupId: groups.serverGroupId,
      ...(!settings.skipFinalSnapshot && { finalSnapshotName: this.addFinalSnapshotName(settings) }),
    });
    if (settings.masterPasswordRotationDays !== undefined) {
      new SecretsmanagerSecretRotation(this, "master-rotation", {
        secretId: server.masterSecretArn,
        // The password has just been made.
        rotateImmediately: false,
        rotationRules: { automaticallyAfterDays: settings.masterPasswordRotationDays },
      });
    }
    const proxy =
      settings.proxySecretArns.length === 0
        ? undefined
        : new ConnectionProxy(this, "proxy", settings, {
            server,
            serverGroupId: groups.serverGroupId,
            clientGroupId: groups.clientGroupId,
          });
    this.endpointAddress = server.address;
    this.port = server.port;
    this.databaseName = settings.databaseName;
    if (server.readerAddress !== undefined) this.readerEndpointAddress = server.readerAddress;
    if (proxy !== undefined) this.proxyEndpointAddress = proxy.address;
    this.masterUsername = settings.masterUsername;
    this.masterSecretArn = server.masterSecretArn;
    this.securityGroupId = groups.serverGroupId;
    this.clientSecurityGroupId = groups.clientGroupId;
    this.arn = server.arn;
    this.settings = settings;
    this.resourceIds = [server.resourceId, ...(proxy === undefined ? [] : [proxy.resourceId])];
  }

  /**
   * Lets its holder connect as one user of the database, and no other, by a token of IAM's in the place of a password. The user must
   * exist and be allowed to: `GRANT rds_iam TO …` in PostgreSQL.
   *
   * @param user name of the database's user
   * @throws Error when the name could stand for several users
   */
  connectStatements(user: string): PolicyStatement[] {
    if (!/^[A-Za-z_]\w*$/.test(user)) {
      throw new Error(`user must be of letters, digits and underscores, no digit first, got "${user}"`);
    }
    const { accountId, region } = this.settings.label;
    return [
      {
        sid: "ConnectToDatabase",
        actions: ["rds-db:connect"],
        resources: this.resourceIds.map(
          (resourceId) => `arn:aws:rds-db:${region}:${accountId}:dbuser:${resourceId}/${user}`,
        ),
      },
    ];
  }

  /** Lets its holder read the administrator's name and password: for migrations, never for a service. */
  readMasterSecretStatements(): PolicyStatement[] {
    const { kmsKeyArn, label } = this.settings;
    return [
      {
        sid: "ReadMasterSecret",
        actions: ["secretsmanager:GetSecretValue"],
        resources: [this.masterSecretArn],
      },
      {
        sid: "DecryptMasterSecret",
        actions: ["kms:Decrypt"],
        resources: [kmsKeyArn],
        conditions: {
          StringEquals: {
            "kms:ViaService": `secretsmanager.${label.region}.amazonaws.com`,
            "kms:EncryptionContext:SecretARN": this.masterSecretArn,
          },
        },
      },
    ];
  }

  private addServer(settings: Settings, parts: ServerParts): Server {
    if (ENGINES[settings.engine].aurora) {
      const cluster = new Cluster(this, "cluster", settings, parts);
      addClusterAlarms(this, settings, cluster.identifier);
      return cluster;
    }
    const instance = new Instance(this, "instance", settings, parts);
    addInstanceAlarms(this, settings, instance.identifier);
    return instance;
  }

  private addFinalSnapshotName(settings: Settings): string {
    const { databaseName, engine, kmsKeyArn, label, masterUsername, name, snapshotIdentifier } = settings;
    return new FinalSnapshotName(this, "final-snapshot", {
      label,
      name,
      replacedBy: {
        engine,
        databaseName,
        masterUsername,
        kmsKeyArn,
        ...(snapshotIdentifier !== undefined && { snapshotIdentifier }),
      },
    }).value;
  }
}
