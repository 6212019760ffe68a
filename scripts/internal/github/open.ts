import { setTimeout as sleep } from "node:timers/promises";
import { CommandError, EXIT } from "../cli";
import { type GitHub, gitHub } from "./client";

const API_URL = "https://api.github.com";

/**
 * GitHub as the environment says: GITHUB_TOKEN, GITHUB_API_URL.
 *
 * @param repository `owner/name`
 * @throws CommandError when there is no token, or it would be sent in the clear
 */
export function openGitHub(repository: string): GitHub {
  const token = process.env["GITHUB_TOKEN"] ?? "";
  if (token === "") {
    throw new CommandError(
      "GITHUB_TOKEN",
      "is not set",
      "give the step the job's token: env GITHUB_TOKEN from github.token",
      EXIT.credentials,
    );
  }
  return gitHub({
    repository,
    token,
    apiUrl: apiUrlOf(process.env["GITHUB_API_URL"] || API_URL),
    clock: { now: Date.now, sleep, random: Math.random },
  });
}

function apiUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const here = url?.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url?.protocol === "https:" || here) return text.replace(/\/+$/, "");
  throw new CommandError(
    "GITHUB_API_URL",
    `must be a URL of https, got "${text}"`,
    `unset it for ${API_URL}`,
    EXIT.usage,
  );
}
