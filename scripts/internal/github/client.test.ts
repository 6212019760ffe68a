import { EXIT } from "../cli";
import { type GitHub, gitHub } from "./client";
import { openGitHub } from "./open";
import { type GitHubStandIn, HEAD, ME, type Refusal, startGitHub, TOKEN } from "./stand-in";

let standIn: GitHubStandIn;
let github: GitHub;
/** Seconds that were slept. */
let slept: number[];

beforeEach(async () => {
  standIn = await startGitHub();
  slept = [];
  github = asking(TOKEN);
});

afterEach(() => standIn.close());

function asking(token: string, apiUrl = standIn.url): GitHub {
  const sleep = async (milliseconds: number) => slept.push(milliseconds / 1000);
  const clock = { now: () => 1_000_000, sleep, random: () => 0 };
  return gitHub({ repository: "acme/platform", token, apiUrl, clock });
}

test("tells whose the token is, and what a pull request holds", async () => {
  expect(await github.me()).toBe(ME);
  expect(await github.pullRequest(7)).toEqual({ head: HEAD });
});

test("gives comments of all pages, the oldest first", async () => {
  standIn.comments.push(
    ...Array.from({ length: 95 }, (_, index) => ({
      id: 500 - index,
      author: "somebody",
      body: `${index}`,
      minimized: false,
    })),
  );
  const ids = (await github.comments(7)).map(({ id }) => id);
  expect(ids).toHaveLength(95);
  expect(ids).toEqual([...ids].sort((one, other) => one - other));
  expect(standIn.requests.map((line) => /[?&]page=(\d+)/.exec(line)?.[1])).toEqual([
    undefined,
    "2",
    "3",
    "4",
  ]);
});

test("gives open issues with a label alone", async () => {
  const issue = { author: ME, labels: ["drift"], title: "", body: "", comments: [] };
  standIn.issues.push(
    { ...issue, number: 3, state: "open" },
    { ...issue, number: 2, state: "closed" },
    { ...issue, number: 1, state: "open", labels: ["bug"] },
  );
  expect((await github.openIssues("drift")).map(({ number }) => number)).toEqual([3]);
});

test("a comment that is gone is deleted already", async () => {
  await github.deleteComment({ id: 5, nodeId: "node-5", url: "", author: ME, body: "" });
  expect(standIn.requests).toEqual(["DELETE /repos/acme/platform/issues/comments/5"]);
});

const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

test.each<{ name: string; refusals: Refusal[]; seconds: number[] }>([
  {
    name: "an error of the server's: longer each time",
    refusals: [502, 503, 500, 504].map((status) => ({ status, message: "Unicorn!" })),
    seconds: [1, 2, 4, 8],
  },
  {
    name: "a secondary limit that says how long",
    refusals: [{ status: 403, message: SECONDARY, headers: { "retry-after": "17" } }],
    seconds: [17],
  },
  {
    name: "a secondary limit that does not",
    refusals: [{ status: 403, message: SECONDARY }],
    seconds: [60],
  },
  { name: "too many requests", refusals: [{ status: 429, message: "Too many requests" }], seconds: [60] },
  {
    name: "the hour's limit, soon over",
    refusals: [
      {
        status: 403,
        message: "API rate limit exceeded",
        headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1090" },
      },
    ],
    seconds: [90],
  },
])("asks again after $name", async ({ refusals, seconds }) => {
  standIn.refusals.push(...refusals);
  expect(await github.pullRequest(7)).toEqual({ head: HEAD });
  expect(slept).toEqual(seconds);
});

test("runs that are refused together come back apart", async () => {
  const at = (random: number) => ({
    now: () => 0,
    random: () => random,
    sleep: async (time: number) => slept.push(time),
  });
  for (const random of [0, 0.5, 0.999]) {
    standIn.refusals.push({ status: 502, message: "Bad gateway" });
    await gitHub({
      repository: "acme/platform",
      token: TOKEN,
      apiUrl: standIn.url,
      clock: at(random),
    }).pullRequest(7);
  }
  expect(slept).toEqual([1000, 1125, 1250]);
});

const HOURLY = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4000" };

test.each<{ name: string; refusals: Refusal[]; asked: number; message: string; exitCode: number }>([
  {
    name: "that the server keeps failing",
    refusals: Array.from({ length: 5 }, () => ({ status: 502, message: "Bad gateway" })),
    asked: 5,
    message: "pull request 7 of acme/platform: GitHub answered 502: Bad gateway",
    exitCode: EXIT.failed,
  },
  {
    name: "a limit that is over in an hour only",
    refusals: [{ status: 403, message: "API rate limit exceeded for installation", headers: HOURLY }],
    asked: 1,
    message: "GitHub: API rate limit exceeded for installation; run it again later",
    exitCode: EXIT.failed,
  },
  {
    name: "a token that has expired",
    refusals: [{ status: 401, message: "Bad credentials" }],
    asked: 1,
    message: "GITHUB_TOKEN: GitHub takes it for none: Bad credentials; it has expired, or is wrong",
    exitCode: EXIT.credentials,
  },
  {
    name: "a token without the permission",
    refusals: [{ status: 403, message: "Resource not accessible by integration" }],
    asked: 1,
    message:
      'pull request 7 of acme/platform: the token may not do this: Resource not accessible by integration; give the job the permission "pull-requests: write"; a run for a fork\'s pull request never has it',
    exitCode: EXIT.credentials,
  },
  {
    name: "a pull request that is not there",
    refusals: [{ status: 404, message: "Not Found" }],
    asked: 1,
    message:
      'pull request 7 of acme/platform: does not exist, or the token may not see it; check the name and the number; a private repository needs the permission "pull-requests: write"',
    exitCode: EXIT.failed,
  },
])("tells of $name", async ({ refusals, asked, message, exitCode }) => {
  standIn.refusals.push(...refusals);
  await expect(github.pullRequest(7)).rejects.toMatchObject({ message, exitCode });
  expect(standIn.requests).toHaveLength(asked);
});

test("tells that GitHub cannot be reached, and does not tell the token", async () => {
  await standIn.close();
  const error = await github.pullRequest(7).then(
    () => undefined,
    (reason: Error) => reason,
  );
  expect(error?.message).toMatch(/^GitHub: could not be reached: /);
  expect(JSON.stringify([error, error?.message])).not.toContain(TOKEN);
  expect(slept).toHaveLength(4);
});

describe("what the environment says", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  test("is where GitHub is asked, and as whom", async () => {
    Object.assign(process.env, { GITHUB_TOKEN: TOKEN, GITHUB_API_URL: `${standIn.url}/` });
    expect(await openGitHub("acme/platform").me()).toBe(ME);
  });

  test.each([
    {
      name: "no token",
      env: { GITHUB_TOKEN: "" },
      message: "GITHUB_TOKEN: is not set; give the step the job's token: env GITHUB_TOKEN from github.token",
    },
    {
      name: "an address to which the token would go in the clear",
      env: { GITHUB_TOKEN: TOKEN, GITHUB_API_URL: "http://github.test/api/v3" },
      message:
        'GITHUB_API_URL: must be a URL of https, got "http://github.test/api/v3"; unset it for https://api.github.com',
    },
  ])("may be $name", ({ env, message }) => {
    Object.assign(process.env, env);
    expect(() => openGitHub("acme/platform")).toThrow(message);
  });
});
