import { signedHeaders } from "../../runtime";
import { ADMINISTRATOR, administratorConfig } from "./environment";

/** Calls IAM as an administrator. */
export async function iam(parameters: Readonly<Record<string, string>>): Promise<void> {
  const { endpoint, region } = administratorConfig();
  const url = new URL(endpoint);
  const body = new URLSearchParams({ Version: "2010-05-08", ...parameters }).toString();
  const headers = signedHeaders(
    { method: "POST", url, headers: { "content-type": "application/x-www-form-urlencoded" }, body },
    { credentials: ADMINISTRATOR, region, service: "iam", now: Date.now() },
  );
  const response = await fetch(url, { method: "POST", headers, body });
  if (!response.ok) throw new Error(`${parameters["Action"]}: ${response.status} ${await response.text()}`);
}
