import { defaultProvider } from "./lambda-credentials";

const before = process.env;

afterEach(() => {
  process.env = before;
});

test("gives the role's credentials, as Lambda sets them", async () => {
  process.env = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" };
  await expect(defaultProvider()()).resolves.toEqual({
    accessKeyId: "id",
    secretAccessKey: "secret",
    sessionToken: "token",
  });
});

test("says what is missing when there are none", async () => {
  process.env = { AWS_ACCESS_KEY_ID: "id" };
  await expect(defaultProvider()()).rejects.toEqual(
    new Error("environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set, got nothing"),
  );
});
