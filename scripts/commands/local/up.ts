import { withLock } from "../../internal/lock";
import { runSteps, type Step } from "../../internal/steps";
import { deploy, recoverDeployment, STACK } from "./deploy";
import { needsServices } from "./deployed-kinds";
import type { LocalDirectory } from "./directory";
import { edgeUrl, startEdgeProcess, stopEdgeProcess } from "./edge-process";
import { type EmulatorRecord, runningEmulator, saveEmulator, startEmulator } from "./emulator";
import type { Exchange } from "./exchange";
import { type Endpoints, endpointsOf, readOutputs } from "./outputs";
import { stopServices } from "./processes";
import { ensureVirtualEnvironment } from "./python";
import { takeTour } from "./sample";
import { EMULATOR_SECONDS, endpointUrl } from "./settings";
import { startSupervisor, waitUntilSteady } from "./supervisor/control";
import { checkTools } from "./tools";

/** How `up` runs. */
export interface UpConfig {
  /** Shows no progress. @default false */
  readonly quiet?: boolean;
  /** Leaves out the tour, and with it the sample user. @default false */
  readonly withoutTour?: boolean;
}

/** The environment, up. */
export interface UpResult extends Endpoints {
  /** Where the distribution is reached, by the edge that stands for CloudFront's; absent without one. */
  readonly downloadsUrl?: string;
  /** What the tour asked and was answered; empty without it. */
  readonly tour: readonly Exchange[];
}

/** Minutes that another command may be at work on the same environment. */
const LOCK_MINUTES = 15;

/** Takes the directory's lock, for a command that changes the environment. */
export function withDirectory<T>(directory: LocalDirectory, work: () => Promise<T>): Promise<T> {
  return withLock(
    {
      path: directory.lock,
      place: "scripts/local",
      waitMilliseconds: LOCK_MINUTES * 60_000,
      onWait: ({ pid }) => console.error(`Process ${pid} is at work on this environment: waiting for it …`),
    },
    work,
  );
}

/**
 * Brings the environment up: whatever is there already stays as it is, whatever was left half-done is mended.
 *
 * @throws CommandError of the step that failed
 */
export function up(directory: LocalDirectory, config: UpConfig = {}): Promise<UpResult> {
  return withDirectory(directory, async () => {
    let python = "";
    let emulator: EmulatorRecord | undefined;
    let endpoints: Endpoints | undefined;
    let tour: Exchange[] = [];

    const steps: Step[] = [
      {
        title: "Check Node.js, Python and Terraform",
        run: async () => {
          python = checkTools().python;
        },
      },
      {
        title: "Prepare the emulator's Python environment",
        run: async ({ progress }) => {
          python = await ensureVirtualEnvironment(directory, python, () =>
            progress("installing MiniStack and what it needs, pinned (about 20 s) …"),
          );
        },
      },
      {
        title: "Start the emulator",
        run: async ({ progress, done }) => {
          if (await recoverDeployment(directory)) {
            progress("a deployment was cut off: everything is as it was before that");
          }
          progress(`waiting up to ${EMULATOR_SECONDS.start} s for it to answer …`);
          const { started, ...record } = await startEmulator(directory, python);
          emulator = record;
          done(
            `${started ? "Start the emulator" : "The emulator runs already"}: ${endpointUrl(record.port)}`,
          );
        },
      },
      {
        title: `Deploy ${STACK}`,
        run: async ({ progress, count, done }) => {
          if (!emulator) throw new Error("the emulator was not started");
          let summary = "no change";
          progress("synthesising and planning …");
          const outputs = await deploy(directory, emulator, python, {
            progress: ({ finished, planned }) => {
              summary = `${finished} of ${planned ?? "?"} resources`;
              count(finished, planned, summary);
            },
            again: () => progress("an answer of the emulator was lost: once more, from the beginning …"),
          });
          // A deployment that was made once more has started it anew.
          emulator = runningEmulator(directory) ?? emulator;
          endpoints = endpointsOf(outputs, emulator.port);
          done(`Deploy ${STACK}: ${summary}`);
        },
      },
      {
        title: "Bring up services, databases and caches",
        run: async ({ progress, done }) => {
          if (!emulator) throw new Error("the emulator was not started");
          if (!needsServices(directory)) {
            await stopServices(directory);
            done("No service, database or cache is deployed");
            return;
          }
          progress("starting the supervisor …");
          const supervisor = await startSupervisor(directory, emulator, python);
          const { services, servers } = await waitUntilSteady(directory, supervisor, progress);
          const tasks = services.reduce((sum, { tasks: { length } }) => sum + length, 0);
          done(
            `Services: ${tasks} tasks of ${services.length} services, ${servers.length} databases and caches`,
          );
        },
      },
    ];
    steps.push({
      title: "Bring up the edge of the distribution",
      run: async ({ done }) => {
        const distributionId = readOutputs(directory)?.distribution_id;
        if (!emulator || distributionId === undefined) {
          await stopEdgeProcess(directory);
          done("No distribution is deployed");
          return;
        }
        const { port } = await startEdgeProcess(directory, emulator, distributionId);
        done(`The edge of the distribution: ${endpointUrl(port)}`);
      },
    });
    if (!config.withoutTour) {
      steps.push({
        title: "Try it as a user of its systems",
        run: async () => {
          if (!emulator || !endpoints) throw new Error("the environment was not deployed");
          tour = await takeTour(directory, endpoints);
          await saveEmulator(directory, emulator);
        },
      });
    }
    await runSteps(steps, config.quiet);
    if (!endpoints) throw new Error("the environment was not deployed");
    const downloadsUrl = edgeUrl(directory);
    return { ...endpoints, ...(downloadsUrl !== undefined && { downloadsUrl }), tour };
  });
}
