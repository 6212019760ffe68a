import { CommandError, EXIT } from "../../internal/cli";
import type { DeployedFunction, FunctionVersion, LambdaService } from "../../internal/deployed-functions";

/** What is rolled back, and how. */
export interface RollbackRequest {
  /** e.g. `envs/prod`. */
  readonly environment: string;
  readonly function: DeployedFunction;
  /** The version to go to. @default the one before the newest, which must be live */
  readonly to?: string;
  /** Changes nothing. */
  readonly dryRun: boolean;
}

/** What was done, or would be: printed as it is with `--json`. */
export interface Rollback {
  readonly environment: string;
  /** Short name, e.g. `todos-v1`. */
  readonly function: string;
  /** Name in AWS. */
  readonly deployedName: string;
  readonly dryRun: boolean;
  /** Version that was live. */
  readonly from: string;
  /** Version that is live now. */
  readonly to: string;
  /** Both have the same code: they differ in configuration alone. */
  readonly sameCode: boolean;
  /** All published versions, oldest first. */
  readonly versions: readonly FunctionVersion[];
  /** What moves the alias forward again, e.g. `npx cdktf deploy envs/prod`. */
  readonly movedForwardBy: string;
}

/**
 * Leads the alias `live` of a function back to an earlier version.
 *
 * @throws CommandError when there is no such version, it is live already, or a shift is under way
 */
export async function rollBack(
  { environment, function: { deployedName, name, shift }, to, dryRun }: RollbackRequest,
  lambda: LambdaService,
): Promise<Rollback> {
  const place = `function ${name}`;
  const [live, versions] = await Promise.all([lambda.live(deployedName), lambda.versions(deployedName)]);
  const shifting = Object.keys(live.weights);
  if (shifting.length > 0) {
    throw new CommandError(
      place,
      `its traffic is being shifted from version ${live.version} to ${shifting.join(", ")}`,
      `scripts/shift ${environment} ${name} --stop takes that back`,
    );
  }
  const target = to === undefined ? versionBefore(place, live.version, versions) : named(place, to, versions);
  if (target.version === live.version) {
    throw new CommandError(place, `version ${live.version} is live already`, "name another with --to");
  }
  if (!dryRun) await lambda.moveLive(deployedName, live, target.version);
  const before = versions.find(({ version }) => version === live.version);
  return {
    environment,
    function: name,
    deployedName,
    dryRun,
    from: live.version,
    to: target.version,
    sameCode: before?.codeSha256 === target.codeSha256,
    versions,
    movedForwardBy: shift ? `scripts/shift ${environment}` : `npx cdktf deploy ${environment}`,
  };
}

/** Only from the newest on: two people who roll back at the same time would otherwise go back twice. */
function versionBefore(place: string, live: string, versions: readonly FunctionVersion[]): FunctionVersion {
  const newest = versions.at(-1);
  if (newest && newest.version !== live) {
    throw new CommandError(
      place,
      `version ${live} is live and ${newest.version} the newest: it was rolled back before, or the newest is not live yet`,
      `name the version with --to; there are ${list(versions)}`,
      EXIT.usage,
    );
  }
  const before = versions.at(-2);
  if (before) return before;
  throw new CommandError(place, `has no version before ${live}`, "revert the source and deploy");
}

function named(place: string, version: string, versions: readonly FunctionVersion[]): FunctionVersion {
  const found = versions.find((known) => known.version === version);
  if (found) return found;
  throw new CommandError(place, `has no version ${version}`, `there are ${list(versions)}`, EXIT.usage);
}

function list(versions: readonly FunctionVersion[]): string {
  return versions.length === 0 ? "none" : versions.map(({ version }) => version).join(", ");
}
