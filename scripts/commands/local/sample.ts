import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CommandError } from "../../internal/cli";
import { readJson, writeJson } from "../../internal/json-file";
import type { LocalDirectory } from "./directory";
import { type Exchange, shorten } from "./exchange";
import type { Endpoints } from "./outputs";
import { takeServiceTour } from "./service-tour";
import {
  confirmUser,
  type FolderCredentials,
  folderCredentials,
  type Login,
  signIn,
  signUp,
  type Tokens,
} from "./users";

/** The person who tries the environment out. Only this environment knows the password. */
export interface SampleUser extends Login {
  /** The pool that the user belongs to. */
  readonly userPoolId: string;
}

/** The sample user, signed in. */
export interface SampleSession {
  readonly user: SampleUser;
  readonly tokens: Tokens;
  readonly credentials: FolderCredentials;
}

/** The sample user's e-mail address. */
export const SAMPLE_EMAIL = "sample@example.com";
const TITLE = "Try the local environment";
const FILE = { name: "hello.txt", content: "Hello from my own folder.\n" };

/**
 * Signs the sample user in: first up, the first time in a pool.
 *
 * @param email of the user, which may be another one. @default the sample user's
 * @param onExchange told of each call
 */
export async function openSampleSession(
  directory: LocalDirectory,
  endpoints: Endpoints,
  email = SAMPLE_EMAIL,
  onExchange: (exchange: Exchange) => void = () => {},
): Promise<SampleSession> {
  const user = await ensureSampleUser(directory, endpoints, email, onExchange);
  const tokens = await signIn(endpoints, user);
  onExchange({
    request: `Cognito user pool: log in by SRP as ${user.email}`,
    answer: "ID, access and refresh token",
  });
  const credentials = await folderCredentials(endpoints, tokens.idToken);
  onExchange({
    request: "Cognito identity pool: GetId, GetCredentialsForIdentity",
    answer: `credentials of ${credentials.identityId}`,
  });
  return { user, tokens, credentials };
}

/**
 * Does what an app's user does: signs up and in, creates a to-do, lists it, puts a file into the own folder and reads it back; then
 * what a customer of the services does, where they are deployed. A second time it finds all there and only reads.
 *
 * @returns the requests and answers, in order
 * @throws CommandError naming the request that was not answered as it should be
 */
export async function takeTour(directory: LocalDirectory, endpoints: Endpoints): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const onExchange = (exchange: Exchange) => exchanges.push(exchange);
  const { user, tokens, credentials } = await openSampleSession(
    directory,
    endpoints,
    SAMPLE_EMAIL,
    onExchange,
  );

  const call = async (method: string, path: string, expected: number, body?: object) => {
    const { request, answer, text } = await callApi(endpoints, tokens.idToken, method, path, expected, body);
    onExchange({ request, answer });
    return text;
  };
  const listed = JSON.parse(await call("GET", "/todos", 200)) as { items: { title: string }[] };
  if (!listed.items.some(({ title }) => title === TITLE)) {
    await call("POST", "/todos", 201, { title: TITLE });
    await call("GET", "/todos", 200);
  }
  for (const exchange of await useFolder(endpoints, credentials)) onExchange(exchange);
  const again = async () => (await signIn(endpoints, user)).idToken;
  await takeServiceTour({ endpoints, email: user.email, signIn: again, onExchange });
  return exchanges;
}

/**
 * Signs a user up, unless that was done. A sign-up that was cut off before it was confirmed is finished.
 *
 * @param email of the sample user, or of another one
 * @param onExchange told of the sign-up
 */
export async function ensureSampleUser(
  directory: LocalDirectory,
  endpoints: Endpoints,
  email: string,
  onExchange: (exchange: Exchange) => void,
): Promise<SampleUser> {
  const { userPoolId } = endpoints;
  const file =
    email === SAMPLE_EMAIL
      ? directory.sampleUser
      : join(directory.otherUsers, `${encodeURIComponent(email)}.json`);
  const known = readJson<SampleUser>(file);
  // Long and random; the ending holds one of each kind of character that a password policy may ask for.
  const password = `${randomBytes(18).toString("base64url")}aA1!`;
  const user = known?.userPoolId === userPoolId ? known : { userPoolId, email, password };
  if (user === known && (await confirmUser(endpoints, user.email))) return user;
  // Known before it exists: were this command to end between the two, the password would be lost.
  writeJson(file, user, 0o600);
  await signUp(endpoints, user);
  onExchange({
    request: `Cognito user pool: sign up ${email}, confirm as administrator`,
    answer: "confirmed",
  });
  return user;
}

async function callApi(
  { apiUrl }: Endpoints,
  idToken: string,
  method: string,
  path: string,
  expected: number,
  body?: object,
) {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${idToken}`, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  const request = `${method} ${path}${body ? ` ${JSON.stringify(body)}` : ""}`;
  if (response.status !== expected) {
    throw new CommandError(
      "to-do API",
      `${request} must answer ${expected}, got ${response.status} ${shorten(text)}`,
      "scripts/local logs todos-v1 shows what the function says",
    );
  }
  return { request, answer: `${response.status} ${shorten(text)}`, text };
}

async function useFolder(endpoints: Endpoints, credentials: FolderCredentials): Promise<Exchange[]> {
  const { endpoint, region, bucket: Bucket } = endpoints;
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  const Key = `${credentials.identityId}/${FILE.name}`;
  try {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: FILE.content, ContentType: "text/plain" }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const content = (await Body?.transformToString()) ?? "";
    return [
      { request: `S3: put ${FILE.name} into the own folder`, answer: "stored" },
      { request: `S3: get ${FILE.name}`, answer: JSON.stringify(content) },
    ];
  } catch (error) {
    throw new CommandError("user files", `the user's own folder in ${Bucket}: ${(error as Error).message}`);
  } finally {
    s3.destroy();
  }
}
