import { createHash, randomBytes } from "node:crypto";
import { todoApi } from "./internal/api";
import { endpoints } from "./internal/environment";
import { claimsOf } from "./internal/jwt";
import { newUser, type TestUser } from "./internal/users";

const REDIRECT_URI = "http://localhost:3000/signed-in";

let user: TestUser;

beforeAll(async () => {
  user = await newUser();
});

/** Opens the sign-in page as an app does. The emulator serves it at its own address, not at the domain's. */
function authorize(query: Readonly<Record<string, string>>): Promise<Response> {
  const search = new URLSearchParams({
    response_type: "code",
    client_id: endpoints().clientId,
    redirect_uri: REDIRECT_URI,
    scope: "openid email",
    ...query,
  });
  return fetch(`${endpoints().endpoint}/oauth2/authorize?${search}`, { redirect: "manual" });
}

/** Fills in the page's form and sends it, as a browser does. */
async function submit(page: string, password: string): Promise<Response> {
  const form = new URLSearchParams({ username: user.email, password });
  for (const [, name = "", value = ""] of page.matchAll(
    /<input type="hidden" name="([^"]+)" value="([^"]*)">/g,
  )) {
    form.set(name, value.replaceAll("&amp;", "&"));
  }
  return fetch(`${endpoints().endpoint}/login`, { method: "POST", body: form, redirect: "manual" });
}

/** Signs in by the page. @returns where it leads, and the secret half of the challenge */
async function signInByPage(): Promise<{ readonly location: URL; readonly verifier: string }> {
  const verifier = randomBytes(32).toString("base64url");
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const page = await authorize({
    state: "state-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  const answer = await submit(await page.text(), user.password);
  expect(answer.status).toBe(302);
  return { location: new URL(answer.headers.get("location") ?? ""), verifier };
}

function exchange(code: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${endpoints().endpoint}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: endpoints().clientId,
      redirect_uri: REDIRECT_URI,
      code,
      ...fields,
    }),
  });
}

async function expectInvalidGrant(response: Response): Promise<void> {
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: "invalid_grant" });
}

test("a code is exchanged once, with its verifier, for tokens that the API takes", async () => {
  const { location, verifier } = await signInByPage();
  expect(`${location.origin}${location.pathname}`).toBe(REDIRECT_URI);
  expect(location.searchParams.get("state")).toBe("state-1");
  const code = location.searchParams.get("code") ?? "";

  const answer = await exchange(code, { code_verifier: verifier });
  expect(answer.status).toBe(200);
  const tokens = (await answer.json()) as Record<string, string>;
  expect(claimsOf(tokens["id_token"] ?? "")["sub"]).toBe(user.sub);
  expect(
    String(claimsOf(tokens["access_token"] ?? "")["scope"])
      .split(" ")
      .sort(),
  ).toEqual(["email", "openid"]);
  expect((await todoApi(tokens["id_token"]).list()).status).toBe(200);

  await expectInvalidGrant(await exchange(code, { code_verifier: verifier }));
});

test.each([
  ["a wrong verifier", { code_verifier: randomBytes(32).toString("base64url") }],
  ["no verifier", {}],
])("a code with %s is worth nothing", async (_case, fields) => {
  const { location } = await signInByPage();
  await expectInvalidGrant(await exchange(location.searchParams.get("code") ?? "", fields));
});

test("a code cannot be sent elsewhere", async () => {
  const answer = await authorize({ redirect_uri: "https://attacker.example.com/" });
  expect(answer.status).toBe(400);
  expect(answer.headers.get("location")).toBeNull();
});

test("tokens are never put into a URL: the implicit flow is off", async () => {
  const answer = await authorize({ response_type: "token" });
  expect(answer.headers.get("location") ?? "").not.toContain("token=");
  expect(answer.status).toBe(400);
});

test("a wrong password leads nowhere", async () => {
  const page = await authorize({});
  const answer = await submit(await page.text(), `${user.password}?`);
  expect(answer.headers.get("location")).toBeNull();
  expect(await answer.text()).toContain("Incorrect username or password.");
});
