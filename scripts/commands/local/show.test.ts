import { spawnSync } from "node:child_process";
import { localDirectory } from "./directory";
import {
  clientEnvironment,
  deploymentEnvironment,
  emulatorEnvironment,
  foreignVariables,
  shellEnvironment,
} from "./settings";
import { administratorVariables, describeStatus, describeUp, exportLines, userVariables } from "./show";

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

const V2 = "http://127.0.0.1:4566/restapis/5fddf3c7/v2/_user_request_";
const VERSIONS = { apiUrls: { v1: ENDPOINTS.apiUrl, v2: V2 } };

test("the administrator's variables: addresses, and buckets to put something into, where there are any", () => {
  const more = {
    ...VERSIONS,
    ordersUrl: "http://o",
    downloadsBucket: "releases",
    catalogImportBucket: "csv",
  };
  expect(administratorVariables({ ...ENDPOINTS, ...more }, "http://127.0.0.1:4567")).toEqual({
    API_URL: ENDPOINTS.apiUrl,
    API_URL_V2: V2,
    ORDERS_URL: "http://o",
    DOWNLOADS_BUCKET: "releases",
    DOWNLOADS_URL: "http://127.0.0.1:4567",
    CATALOG_IMPORT_BUCKET: "csv",
  });
  expect(administratorVariables(ENDPOINTS)).toEqual({ API_URL: ENDPOINTS.apiUrl });
});

describe("what a person sees", () => {
  test("up: addresses, the tour, and commands for this very directory", () => {
    const text = describeUp(directory, { ...ENDPOINTS, tour: [{ request: "GET /todos", answer: "200 []" }] });
    expect(text).toContain("  to-do API      http://127.0.0.1:4566/restapis/7ded0b9c/v1/_user_request_\n");
    expect(text).toContain("  GET /todos\n    → 200 []\n");
    expect(text).toContain(`eval "$(scripts/local --directory '/data/it'\\''s here' env --user)"`);
  });

  test("up: the other versions of the API", () => {
    const text = describeUp(directory, { ...ENDPOINTS, ...VERSIONS, tour: [] });
    expect(text).toContain(`  to-do API      ${ENDPOINTS.apiUrl}\n  to-do API v2   ${V2}\n`);
    expect(text).toContain('  curl -H "Authorization: Bearer $ID_TOKEN" "$API_URL_V2/todos"\n');
    expect(describeUp(directory, { ...ENDPOINTS, tour: [] })).not.toContain("API_URL_V2");
  });

  test("up with downloads: how a release is published, downloaded and taken back", () => {
    const text = describeUp(directory, {
      ...ENDPOINTS,
      downloadsBucket: "releases",
      downloadsUrl: "http://127.0.0.1:4567",
      tour: [],
    });
    expect(text).toContain("  downloads      http://127.0.0.1:4567\n");
    expect(text).toContain('-T README.md "$AWS_ENDPOINT_URL/$DOWNLOADS_BUCKET/updates/latest.md"\n');
    expect(text).toContain('  curl -s -o /dev/null -D - "$DOWNLOADS_URL/updates/latest.md"\n');
    expect(text).toContain("  scripts/invalidate envs/local '/updates/*' --wait)\n");
    expect(describeUp(directory, { ...ENDPOINTS, tour: [] })).not.toContain("DOWNLOADS");
  });

  test("up in the usual directory: commands without it", () => {
    const text = describeUp(localDirectory("/project", "/project/.local"), { ...ENDPOINTS, tour: [] });
    expect(text).toContain('eval "$(scripts/local env --user)"');
    expect(text).not.toContain("What the sample user has just done");
  });

  test("status: down, and where", () => {
    const none = {
      pid: null,
      memoryMegabytes: null,
      endpoints: null,
      downloadsUrl: null,
      problems: [],
      services: null,
      servers: null,
    };
    const status = { directory: "/data", ...none };
    expect(describeStatus({ ...status, state: "down", deploying: false })).toBe(
      "Local environment: down\n  directory      /data",
    );
    expect(describeStatus({ ...status, state: "down", deploying: true })).toMatch(
      /^Local environment: down, with a deployment under way or cut off\n/,
    );
  });
});

describe("what a person sees of services", () => {
  test("up: their addresses, and requests to copy", () => {
    const services = { catalogUrl: "http://c", sessionsUrl: "http://s", storefrontUrl: "http://f" };
    const text = describeUp(directory, { ...ENDPOINTS, ...services, downloadsUrl: "http://d", tour: [] });
    expect(text).toContain("  catalog        http://c\n");
    expect(text).toContain("  downloads      http://d\n");
    expect(text).toContain('"$STOREFRONT_URL/v1/orders"\n');
    expect(text).toContain('"$STOREFRONT_URL/v1/order-history"\n');
    expect(text).not.toContain("  orders  ");
    expect(text).not.toContain("scripts/trace");
    const withOrders = describeUp(directory, { ...ENDPOINTS, ...services, ordersUrl: "http://o", tour: [] });
    expect(withOrders).toContain("scripts/trace envs/local ORDER)");
  });

  test("up without services: nothing of them", () => {
    expect(describeUp(directory, { ...ENDPOINTS, tour: [] })).not.toMatch(/_URL\/v1|sessions API|downloads/);
  });

  test("status: tasks, failures, databases", () => {
    const failure = {
      taskDefinition: "catalog:3",
      reason: "no image",
      lines: [],
      log: "/l",
      rolledBackTo: null,
    };
    const task = { id: "0123456789ab", taskDefinition: "catalog:2", startedAt: "", processes: {}, log: "" };
    const text = describeStatus({
      ...{ state: "up", deploying: false, directory: "/data", pid: 1, memoryMegabytes: 100 },
      ...{ endpoints: null, downloadsUrl: null, problems: ["services: no answer"] },
      services: [
        {
          ...{
            name: "acme-local-catalog",
            cluster: "c",
            taskDefinition: "catalog:2",
            desired: 2,
            healthy: 1,
          },
          ...{ status: "changing", failure, note: "task 1: gone", skippedContainers: ["agent"] },
          tasks: [
            { ...task, status: "healthy", ports: [41000] },
            { ...task, status: "starting", ports: [] },
          ],
        },
      ],
      servers: [
        { kind: "database", id: "orders", address: "db:5432", port: 41001, pid: 2, error: null },
        { kind: "cache", id: "views", address: "c:6379", port: null, pid: null, error: "no Valkey" },
      ],
    });
    expect(text.split("\n").slice(3)).toEqual([
      "  service        acme-local-catalog: 1 of 2 healthy, catalog:2, changing",
      "    task         01234567 catalog:2 healthy on 127.0.0.1:41000",
      "    task         01234567 catalog:2 starting",
      "    failed       catalog:3: no image; see /l",
      "    note         task 1: gone",
      "    left out     container agent: its image is none of the project's",
      "  database       orders: 127.0.0.1:41001, in the VPC db:5432",
      "  cache          views: no Valkey",
      "  problem        services: no answer",
    ]);
  });
});

describe("a shell that has taken the variables", () => {
  const foreign = { AWS_PROFILE: "real", AWS_ENDPOINT_URL_S3: "https://real", AWS_SESSION_TOKEN: "real" };
  const session = {
    user: { userPoolId: "us-east-1_abc", email: "sample@example.com", password: "x" },
    tokens: { idToken: "id", accessToken: "access", refreshToken: "refresh" },
    credentials: {
      identityId: "us-east-1:1",
      accessKeyId: "ASIA",
      secretAccessKey: "secret",
      sessionToken: "own",
    },
  };

  beforeEach(() => {
    Object.assign(process.env, foreign);
  });

  afterEach(() => {
    for (const name of Object.keys(foreign)) delete process.env[name];
  });

  /** The variables of AWS that a shell of the user's has after `eval`. */
  function evaluate(variables: Record<string, string>): Record<string, string> {
    const script = `${exportLines(variables, foreignVariables())}\nenv`;
    const env = { PATH: process.env["PATH"], ...foreign };
    const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8", env });
    const pairs = stdout
      .split("\n")
      .map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
    return Object.fromEntries(pairs.filter(([name]) => name.startsWith("AWS_")));
  }

  test("as administrator, is led nowhere else", () => {
    const endpoint = { AWS_ENDPOINT_URL: "http://127.0.0.1:4566", AWS_ACCESS_KEY_ID: "test" };
    const variables = evaluate(clientEnvironment(directory, 4566));
    expect(variables).toMatchObject(endpoint);
    for (const name of Object.keys(foreign)) expect(variables).not.toHaveProperty(name);
  });

  test("as the sample user, knows each version of the API", () => {
    expect(userVariables({ ...ENDPOINTS, ...VERSIONS }, session)).toMatchObject({
      ...{ API_URL: ENDPOINTS.apiUrl, API_URL_V2: V2 },
    });
  });

  test("as the sample user, is led nowhere else", () => {
    expect(evaluate(userVariables(ENDPOINTS, session))).toEqual({
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "ASIA",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "own",
    });
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
    for (const name of foreignVariables()) expect(env).not.toHaveProperty(name);
    expect(foreignVariables()).toEqual(
      expect.arrayContaining(["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"]),
    );
  });

  test("many resources at a time are made and destroyed, or as many as the user has said", () => {
    expect(deploymentEnvironment(directory, 4566)).toMatchObject({
      TF_CLI_ARGS_apply: "-parallelism=30",
      TF_CLI_ARGS_destroy: "-parallelism=30",
    });
    Object.assign(process.env, { TF_CLI_ARGS_apply: "-parallelism=3" });
    try {
      expect(deploymentEnvironment(directory, 4566)).toMatchObject({ TF_CLI_ARGS_apply: "-parallelism=3" });
    } finally {
      delete process.env["TF_CLI_ARGS_apply"];
    }
  });

  test("a variable whose name is none for a shell is not among those to unset", () => {
    Object.assign(process.env, { "AWS_ENDPOINT_URL_$(id)": "" });
    try {
      expect(foreignVariables().join()).not.toContain("$");
    } finally {
      delete process.env["AWS_ENDPOINT_URL_$(id)"];
    }
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

  test("a person's shell is told neither where the environment is in its usual place: it stays fit for other stacks", () => {
    const usual = localDirectory("/project", "");
    expect(Object.keys(shellEnvironment(usual, 4566))).toEqual(
      Object.keys(clientEnvironment(usual, 4566)).filter(
        (name) => !["CDKTF_OUTPUT", "TF_CLI_ARGS_init"].includes(name),
      ),
    );
    expect(shellEnvironment(directory, 4566)).toEqual(clientEnvironment(directory, 4566));
  });
});
