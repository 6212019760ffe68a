import { readTask } from "./task-definition";

test("a task definition is read as ECS understands it", () => {
  const task = readTask({
    taskDefinitionArn: "arn:aws:ecs:us-east-1:000000000000:task-definition/orders:3",
    family: "orders",
    revision: 3,
    taskRoleArn: "arn:role/task",
    executionRoleArn: "",
    containerDefinitions: [
      {
        name: "orders",
        image: "registry/orders:1",
        environment: [{ name: "PORT", value: "8080" }],
        secrets: [{ name: "PASSWORD", valueFrom: "arn:secret" }],
        dependsOn: [{ containerName: "migration", condition: "SUCCESS" }],
        portMappings: [{ containerPort: 8080 }],
        stopTimeout: 60,
        healthCheck: { command: ["CMD", "node", "health.mjs"], interval: 10, startPeriod: 5 },
        logConfiguration: {
          logDriver: "awslogs",
          options: { "awslogs-group": "/ecs/orders", "awslogs-stream-prefix": "orders" },
        },
      },
      {
        name: "migration",
        image: "registry/orders:1",
        command: ["migrate"],
        essential: false,
        logConfiguration: { logDriver: "awsfirelens" },
      },
    ],
  });
  expect(task).toMatchObject({ name: "orders:3", taskRoleArn: "arn:role/task" });
  expect(task).not.toHaveProperty("executionRoleArn");
  expect(task.containers).toEqual([
    {
      name: "orders",
      image: "registry/orders:1",
      command: [],
      environment: { PORT: "8080" },
      secrets: { PASSWORD: "arn:secret" },
      dependsOn: [{ container: "migration", condition: "SUCCESS" }],
      essential: true,
      stopTimeoutSeconds: 60,
      startTimeoutSeconds: 180,
      ports: [8080],
      healthCheck: {
        command: ["CMD", "node", "health.mjs"],
        intervalSeconds: 10,
        timeoutSeconds: 5,
        retries: 3,
        startPeriodSeconds: 5,
      },
      logs: { group: "/ecs/orders", streamPrefix: "orders" },
    },
    {
      name: "migration",
      image: "registry/orders:1",
      command: ["migrate"],
      environment: {},
      secrets: {},
      dependsOn: [],
      essential: false,
      stopTimeoutSeconds: 30,
      startTimeoutSeconds: 180,
      ports: [],
    },
  ]);
});
