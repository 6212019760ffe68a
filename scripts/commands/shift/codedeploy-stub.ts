import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A deployment that the stand-in holds. */
export interface StubDeployment {
  readonly id: string;
  readonly group: string;
  readonly description: string;
  status: string;
  readonly move: { readonly function: string; readonly from: string; readonly to: string };
  readonly ignoresAlarms: boolean;
  errorInformation?: { readonly code: string; readonly message: string };
  rollbackDeploymentId?: string;
  readonly rollbackTriggeringDeploymentId?: string;
  /** Looks at it that still find it in progress. */
  looksLeft: number;
}

/** Leads an alias somewhere, as CodeDeploy does with the rights of its role. */
export type MoveAlias = (
  deployedName: string,
  version: string,
  weights: Readonly<Record<string, number>>,
) => Promise<void>;

/**
 * A stand-in of CodeDeploy's API for Lambda on a loopback port, as far as it is documented: the emulator has none. It moves aliases by
 * looks at a deployment and not by time.
 */
export interface CodeDeployStub {
  readonly url: string;
  /** All that were made, in order. */
  readonly deployments: StubDeployment[];
  /** Looks for which a shift goes on. */
  looks: number;
  /** An alarm goes off during the next shift. */
  alarm: boolean;
  close(): Promise<void>;
}

/** Share of a canary's first step. */
const FIRST_SHARE = 0.1;

/** Starts the stand-in. */
export async function startCodeDeployStub(moveAlias: MoveAlias): Promise<CodeDeployStub> {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const answer = await answerTo(stub, moveAlias, operation, JSON.parse(await readBody(request)));
    const status = "__type" in answer ? 400 : 200;
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stub: CodeDeployStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deployments: [],
    looks: 2,
    alarm: false,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return stub;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a client sends.
type Input = any;

async function answerTo(
  stub: CodeDeployStub,
  moveAlias: MoveAlias,
  operation: string,
  input: Input,
): Promise<object> {
  const found = stub.deployments.find(({ id }) => id === input.deploymentId);
  switch (operation) {
    case "GetDeploymentGroup": {
      const last = stub.deployments.findLast(({ group }) => group === input.deploymentGroupName);
      return {
        deploymentGroupInfo: {
          ...(last && { lastAttemptedDeployment: { deploymentId: last.id, status: last.status } }),
        },
      };
    }
    case "CreateDeployment":
      return await create(stub, moveAlias, input);
    case "GetDeployment":
      if (!found) return { __type: "DeploymentDoesNotExistException", message: "there is none" };
      await look(stub, moveAlias, found);
      return { deploymentInfo: shown(found) };
    case "StopDeployment":
      if (!found) return { __type: "DeploymentDoesNotExistException", message: "there is none" };
      if (found.status !== "InProgress")
        return { __type: "DeploymentAlreadyCompletedException", message: "" };
      await takeBack(stub, moveAlias, found, "Stopped", "MANUAL_STOP");
      return { status: "Succeeded" };
    default:
      return { __type: "UnknownOperationException", message: operation };
  }
}

async function create(stub: CodeDeployStub, moveAlias: MoveAlias, input: Input): Promise<object> {
  const { applicationName, deploymentGroupName: group, description, revision } = input;
  if (applicationName === "none") return { __type: "ApplicationDoesNotExistException", message: "none" };
  if (stub.deployments.some((made) => made.group === group && made.status === "InProgress")) {
    return { __type: "DeploymentLimitExceededException", message: "one at a time" };
  }
  const [resource] = JSON.parse(revision.appSpecContent.content).Resources;
  const { Name, CurrentVersion, TargetVersion } = Object.values<Input>(resource)[0].Properties;
  const made: StubDeployment = {
    id: `d-${stub.deployments.length + 1}`,
    group,
    description,
    status: "InProgress",
    move: { function: Name, from: CurrentVersion, to: TargetVersion },
    ignoresAlarms: input.overrideAlarmConfiguration?.enabled === false,
    looksLeft: stub.looks,
  };
  stub.deployments.push(made);
  await moveAlias(Name, CurrentVersion, { [TargetVersion]: FIRST_SHARE });
  return { deploymentId: made.id };
}

async function look(stub: CodeDeployStub, moveAlias: MoveAlias, deployment: StubDeployment): Promise<void> {
  if (deployment.status !== "InProgress" || deployment.looksLeft-- > 0) return;
  if (stub.alarm && !deployment.ignoresAlarms) {
    return await takeBack(stub, moveAlias, deployment, "Stopped", "ALARM_ACTIVE");
  }
  await moveAlias(deployment.move.function, deployment.move.to, {});
  deployment.status = "Succeeded";
}

async function takeBack(
  stub: CodeDeployStub,
  moveAlias: MoveAlias,
  deployment: StubDeployment,
  status: string,
  code: string,
): Promise<void> {
  const id = `d-${stub.deployments.length + 1}`;
  deployment.status = status;
  deployment.errorInformation = { code, message: "as the test wants it" };
  deployment.rollbackDeploymentId = id;
  await moveAlias(deployment.move.function, deployment.move.from, {});
  const { function: name, from, to } = deployment.move;
  stub.deployments.push({
    id,
    group: deployment.group,
    description: "",
    status: "Succeeded",
    move: { function: name, from: to, to: from },
    ignoresAlarms: true,
    rollbackTriggeringDeploymentId: deployment.id,
    looksLeft: 0,
  });
}

function shown(deployment: StubDeployment): object {
  const { id, description, status, errorInformation, rollbackDeploymentId, rollbackTriggeringDeploymentId } =
    deployment;
  return {
    deploymentId: id,
    description,
    status,
    ...(errorInformation && { errorInformation }),
    rollbackInfo: { rollbackDeploymentId, rollbackTriggeringDeploymentId },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}
