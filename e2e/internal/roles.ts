import { DescribeTaskDefinitionCommand, type TaskDefinition } from "@aws-sdk/client-ecs";
import { signedHeaders } from "../../runtime";
import { EmulatorClients, type RoleCredentials } from "../../scripts/commands/local/ecs/clients";
import { endpoints } from "./environment";
import { type Answer, type RequestHeaders, send } from "./http";
import { type ContainerName, serviceState, serviceUrl } from "./services";

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

/**
 * Asks the sessions API, signed with the role of a service's tasks.
 *
 * @param body what is no text is sent as JSON
 * @param headers beside, and in the place of, those of JSON; in lower case
 */
export async function signedBy<Body>(
  name: ContainerName,
  method: string,
  path: string,
  body: unknown,
  headers: RequestHeaders = {},
): Promise<Answer<Body>> {
  const url = new URL(`${serviceUrl("sessions")}${path}`);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const credentials = await credentialsOf(name);
  const signed = signedHeaders(
    { method, url, headers: { "content-type": "application/json", ...headers }, body: text },
    { credentials, region: endpoints().region, service: "execute-api", now: Date.now() },
  );
  // The emulator refuses a role in a form of its own: docs/local-differences.md.
  return send(method, url.href, { headers: signed, body: text });
}
