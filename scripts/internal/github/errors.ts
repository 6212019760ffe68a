import { CommandError, EXIT } from "../cli";

/** What was being done when GitHub refused. */
export interface FailedCall {
  /** e.g. `pull request 7 of acme/platform`. */
  readonly place: string;
  /** Permission of the job that it needs, e.g. `pull-requests: write`. */
  readonly permission: string;
}

/**
 * Says in a command's words what GitHub has answered.
 *
 * @returns a CommandError; the error itself when it is none of GitHub's
 */
export function explainGitHubFailure(error: unknown, { place, permission }: FailedCall): unknown {
  if (!(error instanceof Error) || error instanceof CommandError) return error;
  const { status, response } = error as Error & { status?: number; response?: { readonly headers?: object } };
  const words = error.message.replace(/ - https?:\S+$/, "");
  if (error.name === "GraphqlResponseError") return new CommandError(place, `GitHub refused: ${words}`);
  if (status === undefined) return error;
  if (response === undefined) return new CommandError("GitHub", `could not be reached: ${words}`);
  switch (status) {
    case 401:
      return new CommandError(
        "GITHUB_TOKEN",
        `GitHub takes it for none: ${words}`,
        "it has expired, or is wrong",
        EXIT.credentials,
      );
    case 403:
    case 429:
      if (/rate limit/i.test(words)) return new CommandError("GitHub", words, "run it again later");
      return new CommandError(
        place,
        `the token may not do this: ${words}`,
        `give the job the permission "${permission}"; a run for a fork's pull request never has it`,
        EXIT.credentials,
      );
    case 404:
      return new CommandError(
        place,
        "does not exist, or the token may not see it",
        `check the name and the number; a private repository needs the permission "${permission}"`,
      );
    default:
      return new CommandError(place, `GitHub answered ${status}: ${words}`);
  }
}
