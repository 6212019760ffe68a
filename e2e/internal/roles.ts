import { DescribeTaskDefinitionCommand, type TaskDefinition } from "@aws-sdk/client-ecs";
import { EmulatorClients, type RoleCredentials } from "../../scripts/commands/local/ecs/clients";
import { endpoints } from "./environment";
import { type ContainerName, serviceState } from "./services";

/** The task definition that a service runs. */
export async function taskDefinitionOf(name: ContainerName): Promise<TaskDefinition> {
  const { ecs } = new EmulatorClients(endpoints().endpoint);
  const command = new DescribeTaskDefinitionCommand({ taskDefinition: serviceState(name).taskDefinition });
  const { taskDefinition } = await ecs.send(command);
  ecs.destroy();
  if (!taskDefinition) throw new Error(`${name} has no task definition`);
  return taskDefinition;
}

/** Credentials as ECS gives them: to a task's own code, or for what ECS does before it starts the task. */
export async function credentialsOf(
  name: ContainerName,
  role: "task" | "execution" = "task",
): Promise<RoleCredentials> {
  const { taskRoleArn, executionRoleArn } = await taskDefinitionOf(name);
  const arn = role === "task" ? taskRoleArn : executionRoleArn;
  return new EmulatorClients(endpoints().endpoint).assume(arn ?? "", "end-to-end-test");
}
