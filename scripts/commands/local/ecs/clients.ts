import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { ACCOUNT } from "../settings";

/** Temporary credentials of a role. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** What every client of the emulator is made with, as its root user unless with a role's credentials. */
export function clientConfig(endpoint: string, credentials?: RoleCredentials) {
  return {
    endpoint,
    region: ACCOUNT.region,
    credentials: credentials ?? { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 2,
  };
}

/** Clients of one emulator. What acts for a task is made with the credentials of that task's roles. */
export class EmulatorClients {
  readonly ecs: ECSClient;
  readonly loadBalancers: ElasticLoadBalancingV2Client;
  private readonly sts: STSClient;

  constructor(readonly endpoint: string) {
    this.ecs = new ECSClient(clientConfig(endpoint));
    this.loadBalancers = new ElasticLoadBalancingV2Client(clientConfig(endpoint));
    this.sts = new STSClient(clientConfig(endpoint));
    // What ECS says of itself when it assumes a task's role: emulator/service_role_patch.py.
    this.sts.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> };
        headers["x-local-source-arn"] = `arn:aws:ecs:${ACCOUNT.region}:${ACCOUNT.id}:*`;
        return next(args);
      },
      { step: "build", name: "localSourceArn" },
    );
  }

  /**
   * Assumes a role as ECS does for a task: the role's trust policy decides.
   *
   * @param session name of the session, by which the role's calls are told apart: the task's id
   */
  async assume(roleArn: string, session: string): Promise<RoleCredentials> {
    const { Credentials } = await this.sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Error(`${roleArn}: the emulator gave no credentials`);
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  }

  /** Clients that act as a role, for as long as `work` lasts. */
  async withRole<T>(
    credentials: RoleCredentials | undefined,
    work: (role: RoleClients) => Promise<T>,
  ): Promise<T> {
    const config = clientConfig(this.endpoint, credentials);
    const clients = { secrets: new SecretsManagerClient(config), parameters: new SSMClient(config) };
    try {
      return await work(clients);
    } finally {
      for (const client of Object.values(clients)) client.destroy();
    }
  }

  /** Client that writes logs as a role. The caller destroys it. */
  logs(credentials: RoleCredentials | undefined): CloudWatchLogsClient {
    return new CloudWatchLogsClient(clientConfig(this.endpoint, credentials));
  }
}

/** Clients with the credentials of a role. */
export interface RoleClients {
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
}
