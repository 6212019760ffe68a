import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { endpoints } from "./environment";
import { newUser, type TestUser } from "./users";

/** A user with the S3 client that an app makes of the user's temporary credentials. */
export interface FolderUser extends TestUser {
  /** Name of the user's folder: the identity's id. */
  readonly folder: string;
  readonly s3: S3Client;
}

/** Signs a new user up and in, and exchanges the token for credentials. */
export async function newFolderUser(): Promise<FolderUser> {
  const user = await newUser();
  const { identityId, ...credentials } = await user.credentials();
  return { ...user, folder: identityId, s3: filesClient(credentials) };
}

/** An S3 client for the files bucket. */
export function filesClient(credentials: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}): S3Client {
  const { endpoint, region } = endpoints();
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
}

/** Stores a file as that user. */
export function put({ s3 }: Pick<FolderUser, "s3">, Key: string, Body: string | Uint8Array = "text") {
  return s3.send(new PutObjectCommand({ Bucket: endpoints().bucket, Key, Body }));
}

/** Reads a file as that user. */
export async function read({ s3 }: FolderUser, Key: string): Promise<string | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: endpoints().bucket, Key }));
  return Body?.transformToString();
}

/** Lists keys as that user; without a prefix the whole bucket. */
export async function list({ s3 }: FolderUser, Prefix?: string): Promise<string[]> {
  const command = { Bucket: endpoints().bucket, ...(Prefix !== undefined && { Prefix }) };
  const { Contents = [] } = await s3.send(new ListObjectsV2Command(command));
  return Contents.map(({ Key = "" }) => Key);
}

/** Checks that S3 answers 403. */
export async function expectDenied(attempt: Promise<unknown>): Promise<void> {
  await expect(attempt).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
}
