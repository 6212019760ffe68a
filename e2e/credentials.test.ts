import {
  CognitoIdentityClient,
  DescribeIdentityPoolCommand,
  GetCredentialsForIdentityCommand,
  GetIdCommand,
} from "@aws-sdk/client-cognito-identity";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { administratorConfig, endpoints } from "./internal/environment";
import { expectDenied, type FolderUser, filesClient, newFolderUser, put } from "./internal/files";

let ann: FolderUser;
let bob: FolderUser;
let identities: CognitoIdentityClient;

beforeAll(async () => {
  identities = new CognitoIdentityClient(administratorConfig());
  [ann, bob] = await Promise.all([newFolderUser(), newFolderUser()]);
});

afterAll(() => {
  for (const client of [identities, ann.s3, bob.s3]) client.destroy();
});

function logins(token: string): Record<string, string> {
  const { region, userPoolId } = endpoints();
  return { [`cognito-idp.${region}.amazonaws.com/${userPoolId}`]: token };
}

function getId(Logins: Record<string, string>) {
  return identities.send(new GetIdCommand({ IdentityPoolId: endpoints().identityPoolId, Logins }));
}

function getCredentials(IdentityId: string | undefined, Logins: Record<string, string>) {
  return identities.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }));
}

test.each<[string, () => Promise<unknown>]>([
  ["garbage", () => getId(logins("garbage"))],
  ["an access token", () => getId(logins(ann.accessToken))],
  ["a token that was changed", () => getId(logins(`${ann.idToken.slice(0, -8)}AAAAAAAA`))],
  ["nothing, for a known identity", () => getCredentials(ann.folder, {})],
  ["another's token, for a known identity", () => getCredentials(bob.folder, logins(ann.idToken))],
])("%s gets no credentials", async (_case, attempt) => {
  await expect(attempt()).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("nobody is let in without a login", async () => {
  const { identityPoolId: IdentityPoolId } = endpoints();
  expect(await identities.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))).toMatchObject({
    AllowUnauthenticatedIdentities: false,
  });
  // AWS refuses at once. The emulator gives credentials of no role, which can do nothing: docs/local-differences.md.
  const { IdentityId = "" } = await getId({});
  const { Credentials = {} } = await getCredentials(IdentityId, {});
  const { AccessKeyId = "", SecretKey = "", SessionToken = "" } = Credentials;
  const s3 = filesClient({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretKey,
    sessionToken: SessionToken,
  });
  await expectDenied(put({ s3 }, `${IdentityId}/file.txt`));
  s3.destroy();
});

test("credentials are good for nothing but the folder", async () => {
  await expectDenied(ann.s3.send(new ListBucketsCommand({})));
  const { endpoint, region } = endpoints();
  const credentials = await ann.credentials();
  const database = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
  await expect(database.send(new ListTablesCommand({}))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  database.destroy();
});

test("credentials are needed: a file cannot be read without", async () => {
  const key = `${ann.folder}/public.txt`;
  await put(ann, key);
  expect((await fetch(`${endpoints().endpoint}/${endpoints().bucket}/${key}`)).status).toBe(403);
});
