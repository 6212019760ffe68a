/**
 * What commands ask of GitHub: comments on pull requests, and issues. The token comes from GITHUB_TOKEN and from nowhere else, the
 * API's address from GITHUB_API_URL, as GitHub Actions sets it.
 *
 * @module
 */
export type { Comment, GitHub, Issue } from "./client";
export { type Mark, markOf, withMark } from "./mark";
export { openGitHub } from "./open";
