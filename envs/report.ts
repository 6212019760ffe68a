import type { Report } from "./violation";

/** Reports an ARN of another region or account. */
export function checkArn(
  arn: string | undefined,
  region: string,
  account: string,
  report: (message: string) => void,
): void {
  if (arn === undefined) return;
  const [, , , arnRegion, arnAccount] = arn.split(":");
  if (arnRegion !== region) report(`must be in ${region}, got "${arn}"`);
  if (arnAccount !== account) report(`must be in account ${account}, got "${arn}"`);
}

/** Reports each name that comes a second time. */
export function reportRepeated(
  named: readonly { readonly name: string; readonly path: string }[],
  report: Report,
): void {
  const seen = new Set<string>();
  for (const { name, path } of named) {
    if (seen.has(name)) report(path, `must be unique, got "${name}" twice`);
    seen.add(name);
  }
}
