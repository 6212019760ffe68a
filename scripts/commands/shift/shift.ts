import { CommandError } from "../../internal/cli";
import type { DeployedFunction, LambdaService } from "../../internal/deployed-functions";
import type { Deployment, Group, ShiftService } from "./codedeploy";

/** A function whose alias CodeDeploy moves. */
export type ShiftedFunction = DeployedFunction & { readonly shift: Group };

/** What is to be done. */
export interface ShiftRequest {
  readonly environment: string;
  readonly functions: readonly ShiftedFunction[];
  /** Takes back what is under way, in place of beginning anything. */
  readonly stop: boolean;
  /** Tries a version again that was taken back. */
  readonly again: boolean;
  /** Does not let alarms take it back: for a version that mends what sets them off. */
  readonly ignoreAlarms: boolean;
  /** Changes nothing. */
  readonly dryRun: boolean;
}

/**
 * How it is with one function.
 *
 * `live`: its newest version has all calls. `begun`, `under-way`: a shift goes on. `done`, `taken-back`, `failed`: it has come to its end while this waited. `stopping`: it is being taken back, as asked; `stopped`: it was.
 * `refused`: it was not begun, and `reason` says why. `would-begin`, `would-stop`: with a dry run.
 */
export type ShiftState =
  | "live"
  | "begun"
  | "under-way"
  | "done"
  | "taken-back"
  | "failed"
  | "stopping"
  | "stopped"
  | "refused"
  | "would-begin"
  | "would-stop";

/** What was found of a function, and done. */
export interface FunctionShift {
  /** Short name, e.g. `todos-v1`. */
  readonly function: string;
  readonly deployedName: string;
  /** Version that had all calls. */
  readonly from: string;
  /** The newest version. */
  readonly to: string;
  readonly state: ShiftState;
  /** Of CodeDeploy. */
  readonly deploymentId?: string;
  readonly reason?: string;
}

/** Goes wrong for who called: the newest version is not live and will not be. */
export const UNHAPPY: ReadonlySet<ShiftState> = new Set<ShiftState>(["refused", "taken-back", "failed"]);

/**
 * Begins a shift of each function whose newest version is not live, or takes back those that are under way. All are looked at before the
 * first is begun: one that is not deployed must not hide what was begun of others.
 */
export async function shift(
  request: ShiftRequest,
  lambda: LambdaService,
  codedeploy: ShiftService,
): Promise<FunctionShift[]> {
  const looked = await Promise.all(
    request.functions.map(async (shifted) => {
      const { name, deployedName, shift: group } = shifted;
      const [live, versions, last] = await Promise.all([
        lambda.live(deployedName),
        lambda.versions(deployedName),
        codedeploy.last(group),
      ]);
      const newest = versions.at(-1)?.version;
      if (newest === undefined) throw new CommandError(`function ${name}`, "has no published version");
      return { about: { function: name, deployedName, from: live.version, to: newest }, group, last };
    }),
  );
  return await Promise.all(
    looked.map(
      async ({ about, group, last }): Promise<FunctionShift> => ({
        ...about,
        ...(await decide(request, about, group, last, codedeploy)),
      }),
    ),
  );
}

type Outcome = Pick<FunctionShift, "state" | "deploymentId" | "reason">;

async function decide(
  { environment, stop, again, ignoreAlarms, dryRun }: ShiftRequest,
  about: Pick<FunctionShift, "function" | "deployedName" | "from" | "to">,
  group: Group,
  last: Deployment | undefined,
  codedeploy: ShiftService,
): Promise<Outcome> {
  if (stop) {
    if (!last?.active) return about.from === about.to ? { state: "live" } : refuse("no shift is under way");
    if (!dryRun) await codedeploy.stop(last.id);
    return { state: dryRun ? "would-stop" : "stopping", deploymentId: last.id };
  }
  if (last?.active) {
    const { id } = last;
    if (last.to === about.to) return { state: "under-way", deploymentId: id };
    const what =
      last.takesBack === undefined ? `one to ${last.to ?? "another version"}` : "the end of one that failed";
    return refuse(
      `${what} is under way (${id}): wait for it, or scripts/shift ${environment} ${about.function} --stop`,
    );
  }
  if (about.from === about.to) return { state: "live" };
  const failed = again ? undefined : await takenBack(last, codedeploy);
  if (failed?.to === about.to) {
    const reason = failed.reason ?? failed.status;
    return refuse(
      `version ${about.to} was taken back before (${failed.id}, ${reason}): deploy one that mends it, or add --again`,
    );
  }
  if (dryRun) return { state: "would-begin" };
  return { state: "begun", deploymentId: await codedeploy.begin(group, about, ignoreAlarms) };
}

function refuse(reason: string): Outcome {
  return { state: "refused", reason };
}

/** The last deployment, if it did not reach its end. Where it was taken back, the last one is that which did so. */
async function takenBack(
  last: Deployment | undefined,
  codedeploy: ShiftService,
): Promise<Deployment | undefined> {
  if (last?.takesBack !== undefined) return await codedeploy.get(last.takesBack);
  return last && last.status !== "Succeeded" ? last : undefined;
}
