/**
 * The patch of the emulator's policy evaluation, seen from outside: real users of a real user pool, the credentials that their
 * identity pool gives them, and a policy like that of modules/user-files.
 */
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  SetIdentityPoolRolesCommand,
} from "@aws-sdk/client-cognito-identity";
import {
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { startTemporaryEmulator, type TemporaryEmulator } from "../../internal/temporary-emulator";
import type { Endpoints } from "./outputs";
import { ACCOUNT } from "./settings";
import { type FolderCredentials, folderCredentials, signIn, signUp, userPoolAdmin } from "./users";

const BUCKET = "files";
const IDENTITY = "${cognito-identity.amazonaws.com:sub}";
const POLICY = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: `arn:aws:s3:::${BUCKET}/${IDENTITY}/*`,
    },
    {
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${BUCKET}`,
      Condition: { StringLike: { "s3:prefix": `${IDENTITY}/*` } },
    },
  ],
};
const ROOT_USER = { accessKeyId: "test", secretAccessKey: "test" };
let emulator: TemporaryEmulator;
let endpoints: Endpoints;
let ann: FolderCredentials;
let bob: FolderCredentials;

beforeAll(async () => {
  emulator = await startTemporaryEmulator("isolation");
  endpoints = await createPools(emulator.endpoint);
  await createBucket();
  ann = await newUser("ann@example.com");
  bob = await newUser("bob@example.com");
}, 300_000);

afterAll(async () => {
  await emulator?.stop();
});

async function createPools(endpoint: string): Promise<Endpoints> {
  const { region } = ACCOUNT;
  const none = { apiUrl: "", userPoolId: "", clientId: "", identityPoolId: "", hostedDomainUrl: "" };
  const users = userPoolAdmin({ endpoint, region, bucket: BUCKET, ...none });
  const identities = new CognitoIdentityClient({ endpoint, region, credentials: ROOT_USER });
  const { UserPool } = await users.send(
    new CreateUserPoolCommand({ PoolName: "users", UsernameAttributes: ["email"] }),
  );
  const userPoolId = UserPool?.Id ?? "";
  const { UserPoolClient } = await users.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: "app",
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    }),
  );
  const clientId = UserPoolClient?.ClientId ?? "";
  const { IdentityPoolId: identityPoolId = "" } = await identities.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: "identities",
      AllowUnauthenticatedIdentities: false,
      CognitoIdentityProviders: [
        { ClientId: clientId, ProviderName: `cognito-idp.${region}.amazonaws.com/${userPoolId}` },
      ],
    }),
  );
  const role = await createRole(endpoint);
  await identities.send(
    new SetIdentityPoolRolesCommand({ IdentityPoolId: identityPoolId, Roles: { authenticated: role } }),
  );
  users.destroy();
  identities.destroy();
  return {
    endpoint,
    region,
    userPoolId,
    clientId,
    identityPoolId,
    bucket: BUCKET,
    apiUrl: "",
    hostedDomainUrl: "",
  };
}

/** By plain requests, as IAM's client is no dependency of the project: the root user's signature is not looked at. */
async function createRole(endpoint: string): Promise<string> {
  const trust = {
    Effect: "Allow",
    Principal: { Federated: "cognito-identity.amazonaws.com" },
    Action: "sts:AssumeRoleWithWebIdentity",
  };
  const call = async (parameters: Record<string, string>) => {
    const scope = `test/20260101/${ACCOUNT.region}/iam/aws4_request`;
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none` },
      body: new URLSearchParams({ Version: "2010-05-08", RoleName: "signed-in", ...parameters }),
    });
    expect(response.status).toBe(200);
  };
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await call({ Action: "CreateRole", AssumeRolePolicyDocument: document });
  await call({ Action: "PutRolePolicy", PolicyName: "own", PolicyDocument: JSON.stringify(POLICY) });
  return `arn:aws:iam::${ACCOUNT.id}:role/signed-in`;
}

async function createBucket(): Promise<void> {
  const root = s3(ROOT_USER);
  await root.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const tlsOnly = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [tlsOnly] });
  await root.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
}

async function newUser(email: string): Promise<FolderCredentials> {
  const login = { email, password: "A-long-passw0rd!" };
  await signUp(endpoints, login);
  const { idToken } = await signIn(endpoints, login);
  return folderCredentials(endpoints, idToken);
}

function s3(credentials: typeof ROOT_USER): S3Client {
  const { endpoint, region } = endpoints;
  return new S3Client({ endpoint, region, credentials, forcePathStyle: true });
}

const put = (user: FolderCredentials, Key: string) =>
  s3(user).send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: user.identityId }));
const get = (user: FolderCredentials, Key: string) =>
  s3(user).send(new GetObjectCommand({ Bucket: BUCKET, Key }));
const list = (user: FolderCredentials, Prefix?: string) =>
  s3(user).send(new ListObjectsV2Command({ Bucket: BUCKET, ...(Prefix !== undefined && { Prefix }) }));

test("two users are two identities", () => {
  expect(ann.identityId).not.toBe(bob.identityId);
});

test("a user writes, reads and lists the own folder", async () => {
  await put(ann, `${ann.identityId}/a.txt`);
  const { Body } = await get(ann, `${ann.identityId}/a.txt`);
  expect(await Body?.transformToString()).toBe(ann.identityId);
  const { Contents } = await list(ann, `${ann.identityId}/`);
  expect(Contents?.map(({ Key }) => Key)).toEqual([`${ann.identityId}/a.txt`]);
});

test.each<[string, () => Promise<unknown>]>([
  ["writes into another's folder", () => put(ann, `${bob.identityId}/a.txt`)],
  ["reads from another's folder", () => get(bob, `${ann.identityId}/a.txt`)],
  ["writes outside of any folder", () => put(ann, "a.txt")],
  ["writes beside the own folder", () => put(ann, `${ann.identityId}x/a.txt`)],
  ["lists another's folder", () => list(ann, `${bob.identityId}/`)],
  ["lists everything", () => list(ann)],
])("nobody %s", async (_, attempt) => {
  await expect(attempt()).rejects.toMatchObject({ name: "AccessDenied" });
});
