/** The application goes down: what is cached is served on, what is not fails for seconds alone, and all is well when it is back. */
import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { readState, type ServiceState } from "../../scripts/commands/local/ecs/state";
import { killTask } from "../../scripts/commands/local/kill-task";
import { environmentDirectory } from "../internal/directory";
import { administratorConfig } from "../internal/environment";
import { LaterEdge } from "../internal/later-edge";
import { Releases } from "../internal/releases";
import { until } from "../internal/services";

/** Seconds that the distribution keeps an error. */
const ERROR_SECONDS = 5;
const releases = new Releases();
const ecs = new ECSClient(administratorConfig());
let edge: LaterEdge;

jest.setTimeout(120_000);

beforeEach(async () => {
  edge = await new LaterEdge().start();
});

afterEach(async () => {
  await edge?.end();
  await setTasks(1);
});

afterAll(async () => {
  ecs.destroy();
  await releases.remove();
});

/** The application, as the stand-in for ECS tells of it. */
function application(): ServiceState {
  const found = readState(environmentDirectory())?.services.find(({ name }) => name.endsWith("-updates"));
  if (found === undefined) throw new Error("no service updates runs");
  return found;
}

/** Has so many tasks of the application run, and waits until they do. */
async function setTasks(count: number): Promise<void> {
  const { name: service, cluster } = application();
  await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: count }));
  await until(`${count} tasks of ${service}`, 60, () => {
    const { desired, healthy, tasks } = application();
    return desired === count && healthy === count && tasks.length === count;
  });
}

test("while the application is down, what is cached is served, and nothing else", async () => {
  const latest = releases.path("/updates/*/latest.json");
  const archive = releases.path("/updates/v1.2.3-*.zip");
  const unknown = releases.path("/updates/v1.2.4-*.zip");
  await Promise.all([latest, archive, unknown].map((path) => releases.publish(path, `content of ${path}`)));
  const first = await edge.download(latest);
  await edge.download(archive);
  await setTasks(0);

  expect(await edge.download(archive)).toMatchObject({ status: 200, result: "Hit" });
  // Its five minutes are over: the application is asked, and fails.
  edge.pass(301);
  expect(await edge.download(latest)).toMatchObject({ status: 200, result: "RefreshHit", body: first.body });
  const asked = edge.originRequests;
  expect(await edge.download(latest)).toMatchObject({ status: 200, body: first.body });
  const failed = await edge.download(unknown);
  expect(failed).toMatchObject({ status: 503, result: "Error" });
  expect((await edge.download(unknown)).status).toBe(503);
  // Both are spared the application for as long as an error is kept.
  expect(edge.originRequests - asked).toBe(1);

  await setTasks(1);
  expect((await edge.download(unknown)).status).toBe(503);
  edge.pass(ERROR_SECONDS);
  const served = await edge.download(unknown);
  expect(served).toMatchObject({ status: 200, result: "Miss", body: Buffer.from(`content of ${unknown}`) });
  const refreshed = await edge.download(latest);
  expect(refreshed).toMatchObject({ status: 200, result: "RefreshHit", body: first.body });
  expect(refreshed.originRequest).not.toBe(first.originRequest);
});

test("control 35: a task that is killed recovers by itself, and no download is lost for longer than an error is kept", async () => {
  const path = releases.path("/updates/v2.0.0-*.zip");
  await releases.publish(path, "content");
  const { id } = killTask(environmentDirectory(), "updates");
  await until("the file", 60, async () => {
    const { status, body } = await edge.download(path);
    if (status === 200) return body.toString() === "content";
    expect([502, 503, 504]).toContain(status);
    edge.pass(ERROR_SECONDS);
    return false;
  });
  await until("another task", 60, () => {
    const { status, tasks } = application();
    return status === "steady" && tasks.length === 1 && tasks[0]?.id !== id;
  });
});
