import { DbProxy } from "@cdktf/provider-aws/lib/db-proxy";
import { DbProxyDefaultTargetGroup } from "@cdktf/provider-aws/lib/db-proxy-default-target-group";
import { DbProxyTarget } from "@cdktf/provider-aws/lib/db-proxy-target";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { Role } from "../internal/iam";
import { allowTraffic } from "../internal/security-groups";
import type { Settings } from "./config";
import { ENGINES } from "./engines";
import type { Server } from "./server";

/** What the proxy stands between. */
export interface ProxyParts {
  /** The database. */
  readonly server: Server;
  /** Group of the database. */
  readonly serverGroupId: string;
  /** Group of its clients. */
  readonly clientGroupId: string;
}

/** RDS Proxy: takes TLS and IAM authentication alone, and shares the database's connections among its clients. */
export class ConnectionProxy extends Construct {
  /** Address of the proxy. */
  readonly address: string;
  /** Id that IAM knows the proxy by, `prx-…`. */
  readonly resourceId: string;

  constructor(scope: Construct, id: string, settings: Settings, parts: ProxyParts) {
    super(scope, id);
    const { label, name, port } = settings;
    const groupName = label.name(`${name}-rds-proxy`, 255);
    const group = new SecurityGroup(this, "security-group", {
      name: groupName,
      description: `Proxy of database ${name}`,
      vpcId: settings.vpcId,
      tags: { Name: groupName },
    }).id;
    const traffic = { port, description: `Proxy of database ${name}, port ${port}` };
    allowTraffic(this, "clients-to-proxy", {
      ...traffic,
      fromGroupId: parts.clientGroupId,
      toGroupId: group,
    });
    allowTraffic(this, "proxy-to-database", {
      ...traffic,
      fromGroupId: group,
      toGroupId: parts.serverGroupId,
    });
    const role = this.addRole(settings);
    const proxy = new DbProxy(this, "proxy", {
      name: label.name(name, 63),
      engineFamily: ENGINES[settings.engine].proxyFamily,
      roleArn: role.arn,
      requireTls: true,
      // Its debug logs hold statements.
      debugLogging: false,
      idleClientTimeout: 1800,
      vpcSubnetIds: [...settings.subnetIds],
      vpcSecurityGroupIds: [group],
      auth: settings.proxySecretArns.map((secretArn) => ({
        authScheme: "SECRETS",
        iamAuth: "REQUIRED",
        secretArn,
      })),
      dependsOn: [role.policy],
    });
    const targets = new DbProxyDefaultTargetGroup(this, "targets", {
      dbProxyName: proxy.name,
      connectionPoolConfig: {
        maxConnectionsPercent: settings.proxyConnectionsPercent,
        connectionBorrowTimeout: 10,
      },
    });
    new DbProxyTarget(this, "target", {
      dbProxyName: proxy.name,
      targetGroupName: targets.name,
      ...(ENGINES[settings.engine].aurora
        ? { dbClusterIdentifier: parts.server.identifier }
        : { dbInstanceIdentifier: parts.server.identifier }),
    });
    this.address = proxy.endpoint;
    // arn:aws:rds:<region>:<account>:db-proxy:prx-…
    const resourceId = new TerraformLocal(this, "resource-id", Fn.element(Fn.split(":", proxy.arn), 6));
    // A reference without quotes, so that policies that hold it are JSON before Terraform renders them too.
    this.resourceId = resourceId.asString;
  }

  /** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html */
  private addRole({ kmsKeyArn, label, name, proxySecretArns }: Settings): Role {
    return new Role(this, "role", {
      name: label.name(`${name}-rds-proxy`),
      trust: [
        {
          principals: { Service: "rds.amazonaws.com" },
          conditions: { StringEquals: { "aws:SourceAccount": label.accountId } },
        },
      ],
      statements: [
        { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: proxySecretArns },
        {
          sid: "DecryptSecrets",
          actions: ["kms:Decrypt"],
          resources: [kmsKeyArn],
          conditions: { StringEquals: { "kms:ViaService": `secretsmanager.${label.region}.amazonaws.com` } },
        },
      ],
    });
  }
}
