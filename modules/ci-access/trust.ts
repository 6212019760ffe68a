import type { TrustStatement } from "../internal/iam";

/** GitHub's issuer of tokens, as IAM names it. */
const ISSUER = "token.actions.githubusercontent.com";

/** Where GitHub's issuer answers. */
export const ISSUER_URL = `https://${ISSUER}`;

/** Audience that the official action asks tokens for: https://github.com/aws-actions/configure-aws-credentials */
export const AUDIENCE = "sts.amazonaws.com";

/** ARN of GitHub's provider, of which an account has one. */
export function providerArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:oidc-provider/${ISSUER}`;
}

/** Whose runs are meant. */
export interface Repository {
  /** As the subject of its tokens names it: `owner/name`, or `owner@1234/name@5678` with immutable ids. */
  readonly repository: string;
  /** Branch that is deployed. */
  readonly branch: string;
}

/**
 * Runs for pull requests, and runs on the branch. A run for a fork's pull request gets no token from GitHub; a run of
 * `pull_request_target` would get the branch's, though it may hold the fork's code.
 *
 * Source of the subjects: https://docs.github.com/en/actions/reference/security/oidc
 */
export function planTrust(provider: string, { repository, branch }: Repository): TrustStatement {
  return federated(provider, {
    [`${ISSUER}:aud`]: AUDIENCE,
    [`${ISSUER}:sub`]: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/${branch}`],
  });
}

/**
 * Runs in the GitHub environment, on the branch. The subject of such a run names the environment alone, so that the branch is held by
 * a claim of its own, whatever the environment's settings at GitHub let in. AWS knows that claim since January 2026:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
export function applyTrust(
  provider: string,
  { repository, branch }: Repository,
  githubEnvironment: string,
): TrustStatement {
  return federated(provider, {
    [`${ISSUER}:aud`]: AUDIENCE,
    [`${ISSUER}:sub`]: `repo:${repository}:environment:${githubEnvironment}`,
    [`${ISSUER}:ref`]: `refs/heads/${branch}`,
  });
}

function federated(
  provider: string,
  equal: Readonly<Record<string, string | readonly string[]>>,
): TrustStatement {
  return {
    principals: { Federated: provider },
    actions: ["sts:AssumeRoleWithWebIdentity"],
    conditions: { StringEquals: equal },
  };
}
