import { spawnSync } from "node:child_process";
import { localDirectory } from "./directory";
import { clientEnvironment, deploymentEnvironment, emulatorEnvironment, FOREIGN_VARIABLES } from "./settings";
import { describeStatus, describeUp, exportLines } from "./show";

const directory = localDirectory("/project", "/data/it's here");
const ENDPOINTS = {
  endpoint: "http://127.0.0.1:4566",
  apiUrl: "http://127.0.0.1:4566/restapis/7ded0b9c/v1/_user_request_",
  userPoolId: "us-east-1_abc",
  clientId: "client",
  identityPoolId: "us-east-1:pool",
  bucket: "files",
  region: "us-east-1",
  hostedDomainUrl: "https://acme.auth.us-east-1.amazoncognito.com",
};

test("a shell reads back every value as it is", () => {
  const values = { PLAIN: "a", QUOTED: 'it\'s $HOME `date` \\ "x"', EMPTY: "", LINES: "a\nb" };
  const script = `${exportLines(values, ["AWS_PROFILE"])}\nprintf '%s|%s|%s|%s|%s' "$PLAIN" "$QUOTED" "$EMPTY" "$LINES" "\${AWS_PROFILE-unset}"`;
  const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8", env: { AWS_PROFILE: "real" } });
  expect(stdout).toBe([...Object.values(values), "unset"].join("|"));
});

describe("what a person sees", () => {
  test("up: addresses, the tour, and commands for this very directory", () => {
    const text = describeUp(directory, { ...ENDPOINTS, tour: [{ request: "GET /todos", answer: "200 []" }] });
    expect(text).toContain("  to-do API      http://127.0.0.1:4566/restapis/7ded0b9c/v1/_user_request_\n");
    expect(text).toContain("  GET /todos\n    → 200 []\n");
    expect(text).toContain(`eval "$(scripts/local --directory '/data/it'\\''s here' env --user)"`);
  });

  test("up in the usual directory: commands without it", () => {
    const text = describeUp(localDirectory("/project", "/project/.local"), { ...ENDPOINTS, tour: [] });
    expect(text).toContain('eval "$(scripts/local env --user)"');
    expect(text).not.toContain("What the sample user has just done");
  });

  test("status: down, and where", () => {
    const status = { directory: "/data", pid: null, memoryMegabytes: null, endpoints: null };
    expect(describeStatus({ ...status, state: "down", deploying: false })).toBe(
      "Local environment: down\n  directory      /data",
    );
    expect(describeStatus({ ...status, state: "down", deploying: true })).toMatch(
      /^Local environment: down, with a deployment under way or cut off\n/,
    );
  });
});

describe("environments of processes", () => {
  const inherited = {
    AWS_PROFILE: "real",
    AWS_SESSION_TOKEN: "token",
    AWS_ENDPOINT_URL_S3: "https://real",
    AWS_ACCESS_KEY_ID: "real",
  };

  beforeEach(() => {
    Object.assign(process.env, inherited);
  });

  afterEach(() => {
    for (const name of Object.keys(inherited)) delete process.env[name];
  });

  test("a deployment never sees another account", () => {
    const env = deploymentEnvironment(directory, 4566);
    expect(env).toMatchObject({ AWS_ENDPOINT_URL: "http://127.0.0.1:4566", AWS_ACCESS_KEY_ID: "test" });
    for (const name of [...FOREIGN_VARIABLES, "AWS_ENDPOINT_URL_S3"]) expect(env).not.toHaveProperty(name);
  });

  test("the emulator, and so its functions, see nothing of the user's", () => {
    const env = emulatorEnvironment(directory, 4566);
    expect(Object.keys(env).filter((name) => name.startsWith("AWS_"))).toEqual([]);
    expect(env).toMatchObject({ AUTH: "true", BIND_HOST: "127.0.0.1", GATEWAY_PORT: "4566" });
  });

  test("cdktf's output and Terraform's state are the directory's own", () => {
    expect(clientEnvironment(directory, 4566)).toMatchObject({
      CDKTF_OUTPUT: "/data/it's here/synth",
      TF_CLI_ARGS_init: "'-backend-config=path=/data/it'\\''s here/state/envs-local.tfstate'",
    });
  });
});
