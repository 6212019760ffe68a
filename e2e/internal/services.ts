import { setTimeout as sleep } from "node:timers/promises";
import { readState, type ServiceState, type TaskState } from "../../scripts/commands/local/ecs/state";
import { runningSupervisor, waitUntilSteady } from "../../scripts/commands/local/supervisor/control";
import { ApiContract } from "../../scripts/internal/api-contract";
import { environmentDirectory } from "./directory";
import { endpoints } from "./environment";
import { type Answer, type RequestHeaders, type RequestOptions, send } from "./http";

/** Where each API of system B is reached, by the name of its package. */
const URLS = {
  catalog: "catalogUrl",
  orders: "ordersUrl",
  storefront: "storefrontUrl",
  sessions: "sessionsUrl",
} as const;

/** A service of system B. */
export type ServiceName = keyof typeof URLS;
/** One that runs in containers. */
export type ContainerName = Exclude<ServiceName, "sessions"> | "order-relay";

/** Asks an API. Nothing is thrown for a status. */
export type Ask = <Body>(method: string, path: string, options?: RequestOptions) => Promise<Answer<Body>>;

/** The address of a service's load balancer, or of the sessions API's stage. @throws Error when it is not deployed */
export function serviceUrl(name: ServiceName): string {
  const url = endpoints()[URLS[name]];
  if (url === undefined) throw new Error(`${name} is not deployed`);
  return url;
}

/** The contract of a service. */
export function contractOf(name: ServiceName): ApiContract {
  const known = contracts.get(name) ?? new ApiContract(`api/${name}/v1.yaml`);
  contracts.set(name, known);
  return known;
}

const contracts = new Map<ServiceName, ApiContract>();

/** A client of a service. Each answer must be one that the contract has. @param headers of every request */
export function serviceClient(name: ServiceName, headers: RequestHeaders = {}): Ask {
  const url = serviceUrl(name);
  return async <Body>(method: string, path: string, options: RequestOptions = {}) => {
    const all = { ...headers, ...options.headers };
    const answer = await send<Body>(method, `${url}${path}`, { ...options, headers: all });
    expect(contractOf(name).violationsAt(method, path, answer)).toEqual([]);
    return answer;
  };
}

/** Answers that tell of a moment. */
const PASSING = [502, 503, 504];
/** Seconds that a patient client goes on for. */
const PATIENCE_SECONDS = 20;

/**
 * Makes a client that does what the contracts ask of one: what was answered by a service that is busy or away is asked again. A
 * machine that does much else is slower than the services' limits, which are for AWS.
 */
export function patient(ask: Ask): Ask {
  return async (method, path, options) => {
    for (const deadline = Date.now() + PATIENCE_SECONDS * 1000; ; ) {
      const answer = await ask<never>(method, path, options);
      if (!PASSING.includes(answer.status) || Date.now() > deadline) return answer;
      await sleep(Number(answer.headers.get("retry-after") ?? 0) * 1000 + Math.random() * 300);
    }
  };
}

/** What runs of a service, as the stand-in for ECS told it last. @throws Error when it is not known there */
export function serviceState(name: ContainerName): ServiceState {
  const state = readState(environmentDirectory())?.services.find((each) => each.name.endsWith(`-${name}`));
  if (!state) throw new Error(`no service ${name} runs`);
  return state;
}

/** Its tasks that take requests, oldest first. */
export function healthyTasks(name: ContainerName): TaskState[] {
  return serviceState(name)
    .tasks.filter(({ status }) => status === "healthy")
    .sort((left, right) => (left.startedAt < right.startedAt ? -1 : 1));
}

/** Process of a task's own container, not of its migration or its agents. */
export function processOf(name: ContainerName, { id, processes }: TaskState): number {
  // The relay runs the image of the orders.
  const container = name === "order-relay" ? "orders" : name;
  const pid = processes[container];
  if (pid === undefined) throw new Error(`task ${id} has no process of the container ${container}`);
  return pid;
}

/** Waits until all that is deployed runs. @throws Error naming what does not */
export async function untilSteady(): Promise<void> {
  const directory = environmentDirectory();
  const supervisor = runningSupervisor(directory);
  if (!supervisor) throw new Error("the supervisor of the services does not run");
  await waitUntilSteady(directory, supervisor, () => {}, 90);
}

/**
 * Asks again and again until there is an answer.
 *
 * @param what is waited for, in words
 * @param seconds to wait at most
 * @returns the first answer that is not undefined or false
 * @throws Error naming what did not come
 */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; ; await sleep(50)) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
  }
}
