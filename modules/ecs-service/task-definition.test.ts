import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Resource } from "../internal/synth-test";
import { artifact, config, containers, ec2, synth } from "./fixture";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:orders-AbCdEf";
const COLLECTOR = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3";

describe("task", () => {
  const task = (...args: Parameters<typeof synth>) => synth(...args).one("aws_ecs_task_definition");

  test("has the manifest's size, or the configured one", () => {
    expect(task()).toMatchObject({ family: "acme-test-orders", cpu: "512", memory: "1024" });
    expect(task({ cpu: 1024, memoryMegabytes: 4096 })).toMatchObject({ cpu: "1024", memory: "4096" });
  });

  test.each([
    { compute: "fargate", changes: {}, compatibilities: ["FARGATE"] },
    { compute: "ec2", changes: ec2, compatibilities: ["EC2"] },
  ])("runs on $compute, with a network interface of its own", ({ changes, compatibilities }) => {
    expect(task(changes)).toMatchObject({
      requires_compatibilities: compatibilities,
      network_mode: "awsvpc",
    });
  });

  test("runs on arm64, or on what the image is for", () => {
    const platform = (cpu_architecture: string) => ({ operating_system_family: "LINUX", cpu_architecture });
    expect(task()["runtime_platform"]).toEqual(platform("ARM64"));
    expect(task({ architecture: "x86_64" })["runtime_platform"]).toEqual(platform("X86_64"));
  });

  test("control 21: the service and what starts it have a role each", () => {
    const result = task();
    expect(result["task_role_arn"]).toMatch(/^\$\{aws_iam_role\.orders_roles_task_role_.+\.arn\}$/);
    expect(result["execution_role_arn"]).toMatch(/^\$\{aws_iam_role\.orders_roles_execution_role_.+\.arn\}$/);
  });
});

describe("container", () => {
  const container = (changes: Parameters<typeof containers>[0] = {}) => containers(changes)["orders"];

  test("control 35: the image is pinned, its root file system is read-only, its user has no rights", () => {
    expect(container()).toMatchObject({
      image: config.image,
      user: "65532:65532",
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ["ALL"] } },
    });
  });

  test("serves, or runs a command under a name of its own, with the variables that the command reads", () => {
    const relay = { required: true, description: "?", commands: ["relay"] };
    const served = { required: true, description: "?", commands: ["serve"] };
    const changed = {
      ...artifact,
      commands: { ...artifact.commands, relay: "Relays." },
      environment: { ...artifact.environment, STREAM_NAME: relay, CATALOG_URL: served },
    };
    const environment = { ...config.environment, CATALOG_URL: "http://catalog" };
    expect(container({ artifact: changed, environment })).not.toHaveProperty("command");
    const command = container({
      ...{ artifact: changed, name: "order-relay", command: "relay" },
      environment: { ...config.environment, STREAM_NAME: "events" },
    });
    expect(command).toMatchObject({
      command: ["relay"],
      environment: expect.arrayContaining([
        { name: "SERVICE_NAME", value: "order-relay" },
        { name: "STREAM_NAME", value: "events" },
      ]),
    });
  });

  test("an init process reaps and passes signals on; files may be open for each connection", () => {
    expect(container()).toMatchObject({
      linuxParameters: { initProcessEnabled: true },
      ulimits: [{ name: "nofile", softLimit: 65_536, hardLimit: 65_536 }],
    });
  });

  test("listens on the manifest's port", () => {
    expect(container()?.["portMappings"]).toEqual([
      { name: "http", containerPort: 8080, hostPort: 8080, protocol: "tcp" },
    ]);
  });

  test("is told its own variables besides those configured, in alphabetical order", () => {
    expect(container()?.["environment"]).toEqual([
      { name: "AWS_REGION", value: "eu-west-1" },
      { name: "DATABASE_HOST", value: "db.internal" },
      { name: "DATABASE_USER", value: "orders" },
      { name: "PORT", value: "8080" },
      { name: "SERVICE_NAME", value: "orders" },
    ]);
  });

  test("control 26: secrets are referred to", () => {
    const secrets = { DATABASE_PASSWORD: `${SECRET}:password::` };
    expect(container({ secrets })?.["secrets"]).toEqual([
      { name: "DATABASE_PASSWORD", valueFrom: `${SECRET}:password::` },
    ]);
    expect(container()?.["secrets"]).toEqual([]);
  });

  test("logs without waiting", () => {
    expect(container()?.["logConfiguration"]).toEqual({
      logDriver: "awslogs",
      options: {
        "awslogs-group": expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.orders_logs_.+\.name\}$/),
        "awslogs-region": "eu-west-1",
        "awslogs-stream-prefix": "task",
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    });
  });

  test("has the time to stop that it needs, and some more", () => {
    expect(container()?.["stopTimeout"]).toBe(artifact.gracefulStopSeconds + 5);
  });

  test("its file system can be written where sessions are opened", () => {
    const sessions = {
      executeCommandLogGroupArn: "arn:aws:logs:1",
      executeCommandKmsKeyArn: "arn:aws:kms:1",
    };
    expect(container(sessions)?.["readonlyRootFilesystem"]).toBe(false);
  });
});

describe("health check", () => {
  const check = (port: number) => containers({ artifact: { ...artifact, port } })["orders"]?.["healthCheck"];

  test("is asked of Node.js, as there is no shell", () => {
    expect(check(8080)).toMatchObject({ interval: 30, timeout: 5, retries: 3, startPeriod: 30 });
    expect(check(8080)["command"].slice(0, 3)).toEqual(["CMD", "/nodejs/bin/node", "-e"]);
  });

  test.each([
    { name: "a service that is alive", status: 200, exit: 0 },
    { name: "a service that is not", status: 503, exit: 1 },
  ])("tells $name", async ({ status, exit }) => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === "/health/live" ? status : 404).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const result = await run(check(port)["command"]);
    server.close();
    expect(result).toBe(exit);
  });

  test("tells a service that hangs up", async () => {
    const server = createServer()
      .on("connection", (socket) => socket.destroy())
      .listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const result = await run(check(port)["command"]);
    server.close();
    expect(result).toBe(1);
  });

  test("is another one where configured", () => {
    const command = ["CMD", "/bin/alive"];
    expect(containers({ healthCheckCommand: command })["orders"]?.["healthCheck"]["command"]).toEqual(
      command,
    );
  });

  /** Runs the command with the Node.js of the tests. */
  async function run([, , ...args]: string[]): Promise<number | null> {
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    const [code] = await once(child, "exit");
    return code;
  }
});

describe("migration", () => {
  const migration = {
    environment: { DATABASE_USER: "master", APPLICATION_USER: "orders" },
    secrets: { DATABASE_PASSWORD: `${SECRET}:password::` },
  };

  test("runs to its end before the service begins", () => {
    const { migrate, orders } = containers({ migration });
    expect(orders?.["dependsOn"]).toEqual([{ containerName: "migrate", condition: "SUCCESS" }]);
    expect(migrate).toMatchObject({
      image: config.image,
      command: ["migrate"],
      essential: false,
      startTimeout: 120,
    });
  });

  test("control 35: is as confined as the service", () => {
    expect(containers({ migration })["migrate"]).toMatchObject({
      user: "65532:65532",
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ["ALL"] } },
    });
  });

  test("control 26: the service does not get its secrets, nor it the service's", () => {
    const both = containers({ secrets: { DATABASE_PASSWORD: `${SECRET}:application::` }, migration });
    expect(both["orders"]?.["secrets"]).toEqual([
      { name: "DATABASE_PASSWORD", valueFrom: `${SECRET}:application::` },
    ]);
    expect(both["migrate"]?.["secrets"]).toEqual([
      { name: "DATABASE_PASSWORD", valueFrom: `${SECRET}:password::` },
    ]);
  });

  test("has the service's variables, and its own in their place", () => {
    expect(containers({ migration })["migrate"]?.["environment"]).toEqual([
      { name: "APPLICATION_USER", value: "orders" },
      { name: "AWS_REGION", value: "eu-west-1" },
      { name: "DATABASE_HOST", value: "db.internal" },
      { name: "DATABASE_USER", value: "master" },
      { name: "PORT", value: "8080" },
      { name: "SERVICE_NAME", value: "orders" },
    ]);
  });

  test("there is none without", () => {
    expect(Object.keys(containers())).toEqual(["orders"]);
    expect(containers()["orders"]).not.toHaveProperty("dependsOn");
  });
});

describe("collector", () => {
  const collector = containers({ telemetryImage: COLLECTOR })["telemetry"] as Resource;

  test("stands beside the service, which goes on without it", () => {
    expect(collector).toMatchObject({
      image: COLLECTOR,
      essential: false,
      memory: 256,
      readonlyRootFilesystem: true,
    });
  });

  test("takes traces of its task alone and sends them to X-Ray", () => {
    const [{ name, value }] = collector["environment"];
    const pipeline = JSON.parse(value);
    expect(name).toBe("AOT_CONFIG_CONTENT");
    expect(pipeline.receivers.otlp.protocols.http.endpoint).toBe("127.0.0.1:4318");
    expect(pipeline.exporters).toEqual({ awsxray: { region: "eu-west-1" } });
    expect(pipeline.service.pipelines.traces).toEqual({
      receivers: ["otlp"],
      processors: ["batch"],
      exporters: ["awsxray"],
    });
  });

  test("the service is told where it is", () => {
    expect(containers({ telemetryImage: COLLECTOR })["orders"]?.["environment"]).toContainEqual({
      name: "OTEL_EXPORTER_OTLP_ENDPOINT",
      value: "http://127.0.0.1:4318",
    });
  });
});
