/** A small deployment made by hand, for tests of the supervisor: what Terraform makes of modules/ecs-service, in short. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  type ContainerDependency,
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  type HealthCheck,
  type KeyValuePair,
  type LoadBalancer,
  RegisterTaskDefinitionCommand,
  type Secret,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientConfig } from "../ecs/clients";
import { ACCOUNT } from "../settings";

const CLUSTER = "services";
const REGISTRY = `${ACCOUNT.id}.dkr.ecr.${ACCOUNT.region}.amazonaws.com`;
export const LOG_GROUP = "/aws/ecs/acme-local-echo";

const HEALTH_CHECK = `require("node:http")
  .get("http://127.0.0.1:8080/health/live", ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on("error", () => process.exit(1))`;

/** A container beside the service's own. */
export interface SideContainer {
  readonly name: string;
  readonly image: string;
  readonly command?: string[];
  readonly essential?: boolean;
}

/** What a revision of the service is made of. */
export interface Revision {
  /** Tag of the image, built by `buildEcho`. */
  readonly tag: string;
  /** Command of the image. @default none: it serves */
  readonly command?: string[];
  /** How often its health is asked, and how often that may fail, in seconds. @default as modules/ecs-service says */
  readonly healthCheck?: Pick<HealthCheck, "interval" | "timeout" | "retries" | "startPeriod">;
  readonly environment?: KeyValuePair[];
  readonly secrets?: Secret[];
  readonly dependsOn?: ContainerDependency[];
  readonly others?: readonly SideContainer[];
}

/** The service `echo` behind a load balancer, in an emulator. */
export class EchoStack {
  private readonly ecs: ECSClient;
  private readonly elb: ElasticLoadBalancingV2Client;
  private readonly secrets: SecretsManagerClient;
  private readonly logs: CloudWatchLogsClient;
  dnsName = "";
  private targetGroupArn = "";

  constructor(readonly endpoint: string) {
    this.ecs = new ECSClient(clientConfig(endpoint));
    this.elb = new ElasticLoadBalancingV2Client(clientConfig(endpoint));
    this.secrets = new SecretsManagerClient(clientConfig(endpoint));
    this.logs = new CloudWatchLogsClient(clientConfig(endpoint));
  }

  /** Makes all but the service. @returns ARN of the secret, whose text is `{"password":"s3cret"}` */
  async create(): Promise<string> {
    await this.ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
    await this.logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    const { ARN = "" } = await this.secrets.send(
      new CreateSecretCommand({ Name: "echo", SecretString: JSON.stringify({ password: "s3cret" }) }),
    );
    await this.createRole("task", [{ Action: "s3:ListAllMyBuckets", Resource: "*" }]);
    await this.createRole("execution", [
      { Action: "secretsmanager:GetSecretValue", Resource: ARN },
      {
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `arn:aws:logs:${ACCOUNT.region}:${ACCOUNT.id}:log-group:${LOG_GROUP}:*`,
      },
    ]);
    const group = await this.elb.send(
      new CreateTargetGroupCommand({
        Name: "echo",
        Port: 8080,
        Protocol: "HTTP",
        TargetType: "ip",
        VpcId: "vpc-1",
        HealthCheckPath: "/health/ready",
        HealthCheckIntervalSeconds: 10,
        HealthyThresholdCount: 2,
      }),
    );
    this.targetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn ?? "";
    await this.elb.send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn: this.targetGroupArn,
        Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "1" }],
      }),
    );
    const { LoadBalancers } = await this.elb.send(
      new CreateLoadBalancerCommand({ Name: "echo", Subnets: ["subnet-1", "subnet-2"] }),
    );
    this.dnsName = LoadBalancers?.[0]?.DNSName ?? "";
    await this.elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Port: 80,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "forward", TargetGroupArn: this.targetGroupArn }],
      }),
    );
    return ARN;
  }

  /** Makes a new revision of the task definition. @returns `<family>:<revision>` */
  async register(revision: Revision): Promise<string> {
    const { tag, command, healthCheck, environment = [], secrets = [], dependsOn, others = [] } = revision;
    const role = (name: string) => `arn:aws:iam::${ACCOUNT.id}:role/${name}`;
    const logConfiguration = {
      logDriver: "awslogs" as const,
      options: { "awslogs-group": LOG_GROUP, "awslogs-stream-prefix": "ecs" },
    };
    const { taskDefinition } = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "echo",
        taskRoleArn: role("task"),
        executionRoleArn: role("execution"),
        containerDefinitions: [
          ...others.map((other) => ({ ...other, logConfiguration })),
          {
            name: "echo",
            image: `${REGISTRY}/acme-local-echo:${tag}`,
            portMappings: [{ containerPort: 8080 }],
            ...(command && { command }),
            // As the image is on AWS: by the path of its Node.js, and to the port that the container has there.
            healthCheck: {
              command: ["CMD", "/nodejs/bin/node", "-e", HEALTH_CHECK],
              interval: 30,
              startPeriod: 30,
              ...healthCheck,
            },
            environment: [{ name: "PORT", value: "8080" }, ...environment],
            secrets,
            stopTimeout: 10,
            logConfiguration,
            ...(dependsOn && { dependsOn }),
          },
        ],
      }),
    );
    return `${taskDefinition?.family}:${taskDefinition?.revision}`;
  }

  /** Makes the service, with the circuit breaker on. */
  serve(taskDefinition: string, desiredCount: number): Promise<void> {
    return this.createService("acme-local-echo", taskDefinition, desiredCount, [
      { targetGroupArn: this.targetGroupArn, containerName: "echo", containerPort: 8080 },
    ]);
  }

  /** Makes the service `acme-local-echo-worker`, which nobody calls, with the circuit breaker on. */
  work(taskDefinition: string, desiredCount: number): Promise<void> {
    return this.createService("acme-local-echo-worker", taskDefinition, desiredCount);
  }

  private async createService(
    serviceName: string,
    taskDefinition: string,
    desiredCount: number,
    loadBalancers?: LoadBalancer[],
  ): Promise<void> {
    await this.ecs.send(
      new CreateServiceCommand({
        cluster: CLUSTER,
        serviceName,
        taskDefinition,
        desiredCount,
        deploymentConfiguration: {
          minimumHealthyPercent: 100,
          maximumPercent: 200,
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
        ...(loadBalancers && { loadBalancers }),
      }),
    );
  }

  /** Changes the service. */
  async update(change: { readonly taskDefinition?: string; readonly desiredCount?: number }): Promise<void> {
    await this.ecs.send(
      new UpdateServiceCommand({ cluster: CLUSTER, service: "acme-local-echo", ...change }),
    );
  }

  /** Ports of the targets that the load balancer sends requests to. */
  async targets(): Promise<number[]> {
    const { TargetHealthDescriptions = [] } = await this.elb.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: this.targetGroupArn }),
    );
    return TargetHealthDescriptions.flatMap(({ Target }) => Target?.Port ?? []);
  }

  destroy(): void {
    for (const client of [this.ecs, this.elb, this.secrets, this.logs]) client.destroy();
  }

  /** By plain requests, as IAM's client is no dependency of the project. Its trust policy is that of modules/ecs-service. */
  private async createRole(name: string, statements: readonly object[]): Promise<void> {
    const call = async (parameters: Record<string, string>) => {
      const scope = `test/20260101/${ACCOUNT.region}/iam/aws4_request`;
      const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
      const body = new URLSearchParams({ Version: "2010-05-08", RoleName: name, ...parameters });
      const response = await fetch(this.endpoint, { method: "POST", headers: { authorization }, body });
      if (!response.ok) throw new Error(await response.text());
    };
    const document = (Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
    const trust = {
      Effect: "Allow",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": ACCOUNT.id },
        ArnLike: { "aws:SourceArn": `arn:aws:ecs:${ACCOUNT.region}:${ACCOUNT.id}:*` },
      },
    };
    await call({ Action: "CreateRole", AssumeRolePolicyDocument: document([trust]) });
    const allowed = statements.map((statement) => ({ Effect: "Allow", ...statement }));
    await call({ Action: "PutRolePolicy", PolicyName: "own", PolicyDocument: document(allowed) });
  }
}

/**
 * Builds the service `echo` with the environment variable FAIL meaning that it ends at once, and WARM_MILLISECONDS that it is not alive
 * before. It answers `/` with its tag and its
 * environment, `/slow` after half a second, `/credentials` with what its role's endpoint gives, and `/fetch?url=` with what it gets
 * from there.
 *
 * @param root whose `.build/services` it goes to
 */
export function buildEcho(root: string, tag: string): void {
  const folder = join(root, ".build", "services", "echo", tag);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "index.mjs"),
    `import { createServer } from "node:http";
if (process.argv[2] === "prepare") { console.log("prepared"); process.exit(Number(process.env.PREPARE_CODE ?? 0)); }
console.log("starting ${tag}" + process.argv.slice(2).map((word) => \` to \${word}\`).join(""));
if (process.env.FAIL) { console.log("cannot go on"); process.exit(3); }
const answer = async (url) => {
  if (url.pathname === "/slow") await new Promise((done) => setTimeout(done, 500));
  if (url.pathname === "/credentials") {
    const headers = { authorization: process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN };
    return (await fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI, { headers })).json();
  }
  if (url.pathname === "/fetch") {
    const response = await fetch(url.searchParams.get("url"));
    return { status: response.status, text: await response.text() };
  }
  return { tag: "${tag}", pid: process.pid, env: process.env };
};
let ready = true;
let alive = false;
setTimeout(() => { alive = true; if (process.env.WARM_MILLISECONDS) console.log("warm"); }, Number(process.env.WARM_MILLISECONDS ?? 0));
const server = createServer((request, response) => {
  const url = new URL(request.url, "http://echo");
  if (url.pathname === "/health/live") return response.writeHead(alive ? 200 : 503).end();
  if (url.pathname === "/health/ready") return response.writeHead(ready ? 200 : 503).end();
  if (!ready) response.setHeader("connection", "close");
  answer(url).then(
    (body) => response.end(JSON.stringify(body)),
    (error) => response.writeHead(500).end(String(error.cause ?? error)),
  );
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.on("SIGTERM", () => {
  ready = false;
  server.close(() => process.exit(0));
});
`,
  );
}
