import { createHash, createHmac } from "node:crypto";

/** What AWS requests are signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials alone. */
  readonly sessionToken?: string;
}

/** Whose signature it is, for what, and when it was made. */
export interface SignatureConfig {
  readonly credentials: AwsCredentials;
  /** E.g. `eu-west-1`. */
  readonly region: string;
  /** Name of the service in signatures, e.g. `execute-api`. */
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A request to sign. */
export interface SignableRequest {
  /** In capitals. */
  readonly method: string;
  readonly url: URL;
  /** Headers that are signed with it, but for those that change on the way, besides `host` and the signature's own. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** @default none */
  readonly body?: string;
}

/** Gateways and load balancers change them, so that their signature would be wrong on arrival; the AWS SDK leaves them out too. */
const CHANGED_ON_THE_WAY = ["user-agent", "x-amzn-trace-id"];

const ALGORITHM = "AWS4-HMAC-SHA256";

/**
 * Signs a request to a service other than S3 with AWS Signature Version 4.
 *
 * By itself, as the signer of the AWS SDK comes with much that one signature does not need.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @returns the headers to send it with: those given, and the signature's
 */
export function signedHeaders(request: SignableRequest, config: SignatureConfig): Record<string, string> {
  const { credentials } = config;
  const time = timeOf(config);
  const own = {
    "x-amz-date": time,
    ...(credentials.sessionToken !== undefined && { "x-amz-security-token": credentials.sessionToken }),
  };
  const signature = signatureOf({ ...request, headers: { ...request.headers, ...own } }, config);
  return {
    ...request.headers,
    ...own,
    authorization:
      `${ALGORITHM} Credential=${credentials.accessKeyId}/${scopeOf(config)}, ` +
      `SignedHeaders=${signature.headerNames}, Signature=${signature.value}`,
  };
}

/**
 * Signs a GET in its query, for whoever is given the URL.
 *
 * @param url without a signature
 * @param expiresSeconds how long the signature is good
 */
export function presignedUrl(url: URL, expiresSeconds: number, config: SignatureConfig): URL {
  const { credentials } = config;
  const signed = new URL(url);
  const own = {
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": `${credentials.accessKeyId}/${scopeOf(config)}`,
    "X-Amz-Date": timeOf(config),
    "X-Amz-Expires": String(expiresSeconds),
    "X-Amz-SignedHeaders": "host",
    ...(credentials.sessionToken !== undefined && { "X-Amz-Security-Token": credentials.sessionToken }),
  };
  for (const [name, value] of Object.entries(own)) signed.searchParams.set(name, value);
  const { value } = signatureOf({ method: "GET", url: signed }, config);
  signed.search = `${canonicalQuery(signed)}&X-Amz-Signature=${value}`;
  return signed;
}

function signatureOf(request: SignableRequest, config: SignatureConfig) {
  const { method, url, headers = {}, body = "" } = request;
  const all = Object.entries({ ...headers, host: url.host })
    .map(([name, value]) => [name.toLowerCase(), value.trim().replaceAll(/ +/g, " ")] as const)
    .filter(([name]) => !CHANGED_ON_THE_WAY.includes(name))
    .sort(([a], [b]) => order(a, b));
  const headerNames = all.map(([name]) => name).join(";");
  const canonical = [
    method,
    // Encoded once more than it is sent, but at S3.
    url.pathname.split("/").map(encode).join("/"),
    canonicalQuery(url),
    ...all.map(([name, value]) => `${name}:${value}`),
    "",
    headerNames,
    sha256(body),
  ].join("\n");
  const text = [ALGORITHM, timeOf(config), scopeOf(config), sha256(canonical)].join("\n");
  const { credentials, region, service } = config;
  const key = [dayOf(config), region, service, "aws4_request"].reduce<Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  return { headerNames, value: createHmac("sha256", key).update(text).digest("hex") };
}

/** In order of names, then values, by their bytes. */
function canonicalQuery({ searchParams }: URL): string {
  return [...searchParams]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => order(name, otherName) || order(value, otherValue))
    .map((pair) => pair.join("="))
    .join("&");
}

/** By bytes: both are ASCII. */
function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** RFC 3986: all but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** E.g. `20150830T123600Z`. */
function timeOf({ now }: SignatureConfig): string {
  return new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

function dayOf(config: SignatureConfig): string {
  return timeOf(config).slice(0, 8);
}

function scopeOf(config: SignatureConfig): string {
  return `${dayOf(config)}/${config.region}/${config.service}/aws4_request`;
}
