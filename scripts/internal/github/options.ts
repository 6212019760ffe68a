import { InvalidArgumentError, Option } from "commander";

/** `--repository <owner/name>` */
export function repositoryOption(): Option {
  return new Option("--repository <owner/name>", "at GitHub").argParser((text) => {
    if (/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/.test(text)) return text;
    throw new InvalidArgumentError(`It must be owner/name, got "${text}".`);
  });
}

/** Reads a URL that can stand in Markdown as it is. */
export function httpsUrl(text: string): string {
  if (/^https:\/\/[\w.-]+(:\d+)?\/[\w./#?=&%-]*$/.test(text)) return text;
  throw new InvalidArgumentError(`It must be a URL of https, got "${text}".`);
}
