import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { explainGitHubFailure } from "./errors";
import { type Clock, pauseAfter } from "./retry";

/** A comment on a pull request. */
export interface Comment {
  readonly id: number;
  /** Its id in GraphQL. */
  readonly nodeId: string;
  readonly url: string;
  /** Login of who has written it; of a workflow `github-actions[bot]`. */
  readonly author: string;
  readonly body: string;
}

/** A pull request, as far as a comment needs it. */
interface PullRequest {
  /** Commit at its head. */
  readonly head: string;
}

/** An open issue. */
export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly author: string;
  readonly title: string;
  readonly body: string;
}

/** What commands ask of one repository. Each method throws a CommandError that says what GitHub has refused. */
export interface GitHub {
  /** Login of whose token it is, as GitHub names it as an author. */
  me(): Promise<string>;
  pullRequest(number: number): Promise<PullRequest>;
  /** All comments on a pull request, the oldest first. */
  comments(pullRequest: number): Promise<Comment[]>;
  addComment(pullRequest: number, body: string): Promise<Comment>;
  changeComment(comment: Comment, body: string): Promise<void>;
  /** One that is gone already is none to fail for. */
  deleteComment(comment: Comment): Promise<void>;
  /** Has GitHub show it as outdated. */
  minimizeComment(comment: Comment): Promise<void>;
  /** Open issues with a label, the oldest first. */
  openIssues(label: string): Promise<Issue[]>;
  addIssue(issue: IssueText, label: string): Promise<Issue>;
  changeIssue(issue: Issue, text: IssueText): Promise<void>;
  /** @param comment why, for its readers */
  closeIssue(issue: Issue, reason: "completed" | "not_planned", comment: string): Promise<void>;
}

/** What an issue says. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
}

/** Where and as whom GitHub is asked. */
export interface GitHubConfig {
  /** `owner/name`. */
  readonly repository: string;
  readonly token: string;
  /** e.g. `https://api.github.com`. */
  readonly apiUrl: string;
  readonly clock: Clock;
}

/** Longest that one answer may take. */
const TIMEOUT_MILLISECONDS = 30_000;

const ASKING = Octokit.plugin(paginateRest);

/** A client of GitHub's API. */
export function gitHub({ repository, token, apiUrl, clock }: GitHubConfig): GitHub {
  const [owner = "", repo = ""] = repository.split("/");
  const quiet = () => undefined;
  const octokit = new ASKING({
    auth: token,
    baseUrl: apiUrl,
    userAgent: "scripts",
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    request: {
      fetch: (url: string, init: RequestInit) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) }),
    },
  });
  octokit.hook.wrap("request", async (request, options) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await request(options);
      } catch (error) {
        const pause = pauseAfter(refusalOf(error), attempt, clock);
        if (pause === undefined) throw error;
        await clock.sleep(pause);
      }
    }
  });

  const at = { owner, repo };
  const call = async <T>(place: string, permission: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      throw explainGitHubFailure(error, { place, permission });
    }
  };
  const onPullRequest = <T>(number: number, ask: () => Promise<T>) =>
    call(`pull request ${number} of ${repository}`, "pull-requests: write", ask);
  const onComment = <T>({ id }: Comment, ask: () => Promise<T>) =>
    call(`comment ${id} in ${repository}`, "pull-requests: write", ask);
  const onIssues = <T>(ask: () => Promise<T>) => call(`issues of ${repository}`, "issues: write", ask);

  return {
    me: () =>
      call(repository, "contents: read", async () => {
        // REST tells a workflow's token nothing of whose it is.
        const { viewer } = await octokit.graphql<{ viewer: { login: string } }>("query { viewer { login } }");
        return viewer.login;
      }),
    pullRequest: (pull_number) =>
      onPullRequest(pull_number, async () => {
        const { data } = await octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
          ...at,
          pull_number,
        });
        return { head: data.head.sha };
      }),
    comments: (issue_number) =>
      onPullRequest(issue_number, async () => {
        const all = await octokit.paginate("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...at,
          issue_number,
          per_page: 100,
        });
        return all.map(commentOf).sort((one, other) => one.id - other.id);
      }),
    addComment: (issue_number, body) =>
      onPullRequest(issue_number, async () => {
        const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
        return commentOf((await octokit.request(route, { ...at, issue_number, body })).data);
      }),
    changeComment: (comment, body) =>
      onComment(comment, async () => {
        const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
        await octokit.request(route, { ...at, comment_id: comment.id, body });
      }),
    deleteComment: (comment) =>
      onComment(comment, async () => {
        const route = "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}";
        await octokit.request(route, { ...at, comment_id: comment.id }).catch((error) => {
          if (error.status !== 404) throw error;
        });
      }),
    minimizeComment: (comment) =>
      onComment(comment, async () => {
        const mutation = `mutation ($id: ID!) {
          minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } }
        }`;
        await octokit.graphql(mutation, { id: comment.nodeId });
      }),
    openIssues: (labels) =>
      onIssues(async () => {
        const all = await octokit.paginate("GET /repos/{owner}/{repo}/issues", {
          ...at,
          state: "open",
          labels,
          per_page: 100,
        });
        return all.map(issueOf).sort((one, other) => one.number - other.number);
      }),
    addIssue: (text, label) =>
      onIssues(async () => {
        const route = "POST /repos/{owner}/{repo}/issues";
        return issueOf((await octokit.request(route, { ...at, ...text, labels: [label] })).data);
      }),
    changeIssue: ({ number }, text) =>
      onIssues(async () => {
        const route = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
        await octokit.request(route, { ...at, issue_number: number, ...text });
      }),
    closeIssue: ({ number }, state_reason, body) =>
      onIssues(async () => {
        const issue = { ...at, issue_number: number };
        await octokit.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
          ...issue,
          body,
        });
        const route = "PATCH /repos/{owner}/{repo}/issues/{issue_number}";
        await octokit.request(route, { ...issue, state: "closed", state_reason });
      }),
  };
}

function refusalOf(error: unknown) {
  const {
    status = 0,
    message = "",
    response,
  } = error as {
    status?: number;
    message?: string;
    response?: { headers: Record<string, string | undefined> };
  };
  return { status, message, headers: response?.headers ?? {} };
}

interface RawText {
  readonly user?: { readonly login: string } | null;
  readonly html_url: string;
  readonly body?: string | null;
}

function commentOf(raw: RawText & { readonly id: number; readonly node_id: string }): Comment {
  return { id: raw.id, nodeId: raw.node_id, ...textOf(raw) };
}

function issueOf(raw: RawText & { readonly number: number; readonly title: string }): Issue {
  return { number: raw.number, title: raw.title, ...textOf(raw) };
}

function textOf({ user, html_url: url, body }: RawText) {
  // Whose account is gone is nobody's.
  return { url, author: user?.login ?? "", body: body ?? "" };
}
