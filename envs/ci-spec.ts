import * as z from "zod";

/** One part of a repository's name at GitHub, with its immutable id where the tokens carry it. */
const PART = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,99})(?:@\\d{1,19})?";

/** Pipelines at GitHub that plan and deploy the environment. Without it there are no roles for them. */
export const ci = z.strictObject({
  /**
   * Repository, as the subject of its tokens names it: `owner/name`; of repositories made, renamed or moved since July 2026
   * `owner@1234/name@5678`, where the numbers are GitHub's ids of both, which nobody can take over with the name. The log of a refused
   * run shows which.
   */
  repository: z.string().regex(new RegExp(`^${PART}/${PART}$`), {
    error: "must be owner/name or owner@id/name@id, as in the subject of GitHub's tokens",
  }),
  /** Branch that is deployed, and whose plans find drift. @default "main" */
  branch: z
    .string()
    .regex(/^(?!.*(\.\.|\/\/|\/$|\.lock$))[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, {
      error: "must be the name of a branch, like main",
    })
    .default("main"),
  /** Environment at GitHub in which deployments run, with its approvals. @default the environment's name */
  githubEnvironment: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, {
      error: "must be letters, digits, points, hyphens and underscores: the name of an environment at GitHub",
    })
    .exactOptional(),
  /**
   * GitHub's OIDC provider exists once per account. `managed`: this environment's bootstrap stack makes it. `existing`: another
   * environment, another project or the account's owner has made it.
   */
  oidcProvider: z.enum(["managed", "existing"]),
});
