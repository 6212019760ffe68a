import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { EXIT } from "../../internal/cli";
import { readPlan, type SynthesisedStack, type TerraformPlan } from "../../internal/plan";
import { findCutOff } from "./cut-off";
import { differences } from "./difference";
import { findLosses } from "./losses";
import { readPlanFile } from "./plan-file";
import { explainFailure } from "./problems";
import { ApplyProgress } from "./progress";
import { show } from "./show";
import { refuseStale, stateVersion } from "./stale";
import { terraform } from "./terraform";

const folder = mkdtempSync(join(tmpdir(), "deploy-"));

describe("a plan file", () => {
  test("holds the stack that it was made of, and its providers", () => {
    const file = join(folder, "plan.tfplan");
    const entries = {
      tfplan: "",
      "tfconfig/m-/cdk.tf.json": '{"resource":{}}',
      ".terraform.lock.hcl": "# providers",
      tfstate: '{"version":4,"serial":7,"lineage":"e438","resources":[]}',
    };
    writeFileSync(
      file,
      zipSync(Object.fromEntries(Object.entries(entries).map(([name, text]) => [name, strToU8(text)]))),
    );
    expect(readPlanFile(file)).toEqual({
      stack: '{"resource":{}}',
      lockFile: "# providers",
      state: { lineage: "e438", serial: 7 },
    });
  });

  test("that does not exist is named", () => {
    expect(() => readPlanFile("plans/envs/prod/plan.tfplan")).toThrow(
      "plans/envs/prod/plan.tfplan: does not exist; make the plan: scripts/diff <environment> --out <folder>",
    );
  });

  test("that is none is named", () => {
    const file = join(folder, "none.tfplan");
    writeFileSync(file, "{}");
    expect(() => readPlanFile(file)).toThrow(
      `${file}: is not a plan of a stack of this project; make it with scripts/diff`,
    );
  });
});

test.each<[name: string, planned: unknown, now: unknown, places: string[]]>([
  ["the same, in another order", { a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 }, []],
  [
    "another argument of a resource",
    { resource: { aws_kms_key: { k: { description: "a" }, l: {} } } },
    { resource: { aws_kms_key: { k: { description: "b" }, l: {} } } },
    ["resource.aws_kms_key.k"],
  ],
  [
    "a resource more, and one less",
    { resource: { aws_kms_key: { k: {} } } },
    { resource: { aws_sns_topic: { t: {} } } },
    ["resource.aws_kms_key", "resource.aws_sns_topic"],
  ],
  [
    "an acknowledgement",
    { "//": { acknowledged: [] } },
    { "//": { acknowledged: [{}] } },
    ["//.acknowledged"],
  ],
  [
    "a great deal",
    { output: { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 } },
    { output: {} },
    ["output.a", "output.b", "output.c", "output.d", "and 2 more"],
  ],
])("stacks that differ by: %s", (_, planned, now, places) => {
  expect(differences(planned, now)).toEqual(places);
});

describe("a plan, held against the state as it is now", () => {
  const STALE =
    "envs/prod: the plan is stale: the environment was changed after it was made; make the plan again and have it reviewed: " +
    "scripts/diff envs/prod --out <folder>";
  const OTHER =
    "envs/prod: the plan is of another state; make the plan again and have it reviewed: scripts/diff envs/prod --out <folder>";
  const state = (lineage: string, serial: number) => ({ lineage, serial });

  test.each([
    ["of the state that it was made with", state("e438", 7), state("e438", 7), undefined],
    ["of an older one", state("e438", 7), state("e438", 8), STALE],
    ["of one that was taken back meanwhile", state("e438", 7), state("e438", 6), STALE],
    ["of another history", state("e438", 7), state("11aa", 7), OTHER],
    ["of an environment that is gone", state("e438", 7), stateVersion(""), OTHER],
    ["the first", stateVersion(""), stateVersion(""), undefined],
    ["the first, after another was applied", stateVersion(""), state("e438", 3), STALE],
  ])("%s", (_, planned, now, message) => {
    const refuse = () => refuseStale("envs/prod", planned, now);
    if (message === undefined) expect(refuse).not.toThrow();
    else expect(refuse).toThrow(new Error(message));
  });

  test("knows the state by what Terraform prints of it", () => {
    expect(stateVersion('{\n  "version": 4,\n  "serial": 8,\n  "lineage": "e438"\n}')).toEqual(
      state("e438", 8),
    );
  });
});

describe("control 2: what a plan would lose", () => {
  const TABLE = "aws_dynamodb_table.todo-table_table_9650A148";

  const plan = (
    actions: string[],
    before: object = { deletion_protection_enabled: false },
  ): TerraformPlan => ({
    format_version: "1.2",
    resource_changes: [
      {
        address: TABLE,
        mode: "managed",
        type: "aws_dynamodb_table",
        name: "todo-table_table_9650A148",
        change: {
          actions,
          before: { name: "todos", ...before },
          after: actions.includes("create") ? { name: "todos" } : null,
          ...(actions.length > 1 && { replace_paths: [["hash_key"]] }),
        },
      } as NonNullable<TerraformPlan["resource_changes"]>[number],
    ],
  });

  const stack = (acknowledged: object[] | undefined, gone = false) =>
    ({
      "//": acknowledged && { acknowledged },
      resource: gone
        ? {}
        : {
            aws_dynamodb_table: {
              "todo-table_table_9650A148": { "//": { metadata: { path: "envs/prod/todo-table/table" } } },
            },
          },
    }) as SynthesisedStack;

  const losses = (of: TerraformPlan, at: SynthesisedStack) =>
    findLosses(readPlan("envs/prod", of, at), of, at).map(({ message }) => message);

  const replace = { path: "todo-table/table", action: "replace", reason: "It is empty." };
  const destroy = { ...replace, action: "destroy" };

  test.each<[name: string, plan: TerraformPlan, stack: SynthesisedStack, messages: string[]]>([
    ["nothing where it is changed", plan(["update"]), stack([]), []],
    ["nothing where nothing is protected", plan(["delete", "create"]), stack(undefined), []],
    [
      "a table that is replaced",
      plan(["delete", "create"]),
      stack([]),
      [
        "todo-table/table: aws_dynamodb_table would be replaced, for hash_key, and its items lost; if that is right: " +
          '{ path: "todo-table/table", action: "replace", reason: "…" } in acknowledged of envs/prod.ts',
      ],
    ],
    ["nothing where its replacement is acknowledged", plan(["delete", "create"]), stack([replace]), []],
    [
      "a table that is destroyed, where its replacement is acknowledged",
      plan(["delete"]),
      stack([replace]),
      [
        "todo-table/table: aws_dynamodb_table would be destroyed, and its items lost; if that is right: " +
          '{ path: "todo-table/table", action: "destroy", reason: "…" } in acknowledged of envs/prod.ts',
      ],
    ],
    ["nothing where the end of what has gone is acknowledged", plan(["delete"]), stack([destroy], true), []],
    [
      "a table that AWS still protects",
      plan(["delete", "create"], { deletion_protection_enabled: true }),
      stack([replace]),
      [
        "todo-table/table: aws_dynamodb_table cannot be replaced yet: AWS still protects it by deletion_protection_enabled; " +
          "first deploy the acknowledgement alone, which lifts that, then this change",
      ],
    ],
    [
      "a table that Terraform would forget",
      plan(["forget"]),
      stack([]),
      [
        "todo-table/table: aws_dynamodb_table would be destroyed, and its items lost; if that is right: " +
          '{ path: "todo-table/table", action: "destroy", reason: "…" } in acknowledged of envs/prod.ts',
      ],
    ],
  ])("%s", (_, of, at, messages) => {
    expect(losses(of, at)).toEqual(messages);
  });
});

test.each<[name: string, summary: string, detail: string, message: string, exitCode: number]>([
  [
    "a stale plan",
    "Saved plan is stale",
    "The given plan file can no longer be applied because the state was changed by another operation after the plan was created.",
    "envs/prod: the plan is stale: the environment was changed after it was made; make the plan again and have it reviewed: " +
      "scripts/diff envs/prod --out <folder>",
    EXIT.failed,
  ],
  [
    "another account",
    "AWS account ID not allowed: 111122223333",
    "",
    "envs/prod: the credentials are another account's than the plan's; log in to that account",
    EXIT.credentials,
  ],
  [
    "no credentials",
    "No valid credential sources found",
    "",
    "envs/prod: the credentials are missing, have expired or are wrong; log in to the environment's account, e.g. aws sso login",
    EXIT.credentials,
  ],
  [
    "a lock",
    "Error acquiring the state lock",
    "Lock Info:\n  ID:        6f1a\n  Path:      x\n  Who:       someone@there\n",
    "envs/prod: another run holds the lock of the state, 6f1a; wait for its end; after one that was killed: " +
      "scripts/state unlock envs/prod",
    EXIT.failed,
  ],
  [
    "other providers",
    "Inconsistent dependency lock file",
    "The following dependency selections recorded in the lock file are inconsistent with the configuration in the saved plan:",
    "envs/prod: the plan was made with other providers than are installed here; make the plan again and have it reviewed: " +
      "scripts/diff envs/prod --out <folder>",
    EXIT.failed,
  ],
  [
    "what is not known",
    "Something new",
    "It is so.\nAnd so.",
    "envs/prod: Terraform failed, nothing was changed:\n  Something new: It is so.\n  And so.",
    EXIT.failed,
  ],
])("Terraform's words before it has changed anything: %s", (_, summary, detail, message, exitCode) => {
  expect(explainFailure("envs/prod", [{ summary, detail }], false)).toMatchObject({ message, exitCode });
});

test("once something was changed, the resource is named, and how to go on", () => {
  const diagnostic = { summary: "creating Topic", detail: "AuthorizationError", address: "alarms/topic" };
  expect(explainFailure("envs/prod", [diagnostic], true).message).toBe(
    "envs/prod: Terraform failed half-way:\n  alarms/topic: creating Topic: AuthorizationError\n; what was done is in its state, " +
      "the plan is used up: mend the cause, then make the plan again and have it reviewed: scripts/diff envs/prod --out <folder>",
  );
});

test("what the provider says of a value that is secret is not told", () => {
  const detail = 'invalid value: { "password": "hunter2" }';
  for (const began of [false, true]) {
    const { message } = explainFailure("envs/prod", [{ summary: "modifying User", detail }], began);
    expect(message).toContain('modifying User: invalid value: { "password": "(sensitive)" }');
  }
});

test("a protected resource that was cut off while it was made is named, as no further plan would go through", () => {
  const resources = [
    { address: "aws_kms_key.k", type: "aws_kms_key", tainted: true },
    { address: "aws_kms_key.whole", type: "aws_kms_key" },
    { address: "aws_sns_topic.t", type: "aws_sns_topic", tainted: true },
  ];
  const state = { values: { root_module: { resources } } };
  const paths = new Map([["aws_kms_key.k", "data-key/key/key"]]);
  expect(findCutOff(state, "cdktf.out/envs/prod", paths).map(({ message }) => message)).toEqual([
    "data-key/key/key: was cut off while it was made, and its protection keeps Terraform from making it anew; " +
      "look whether AWS has it whole, then: terraform -chdir=cdktf.out/envs/prod untaint aws_kms_key.k",
  ]);
  expect(findCutOff({}, "cdktf.out/envs/prod", paths)).toEqual([]);
});

test("an apply is followed by construct paths, to its outputs", () => {
  const told: string[] = [];
  const progress = new ApplyProgress(new Map([["aws_sns_topic.t", "alarms/topic"]]), (finished, text) =>
    told.push(`${finished} ${text}`),
  );
  const resource = { addr: "aws_sns_topic.t" };
  const lines = [
    { type: "version", terraform: "1.11.4" },
    { type: "apply_start", hook: { resource, action: "create" } },
    { type: "apply_progress", hook: { resource, action: "create", elapsed_seconds: 10 } },
    { type: "apply_complete", hook: { resource, action: "create", elapsed_seconds: 12.4 } },
    { type: "apply_complete", hook: { resource: { addr: "aws_kms_key.k" }, action: "delete" } },
    { type: "apply_complete", hook: { resource: { addr: "data.aws_x.y" }, action: "read" } },
    {
      type: "diagnostic",
      diagnostic: { severity: "error", summary: "creating", detail: "no", address: "aws_sns_topic.t" },
    },
    { type: "diagnostic", diagnostic: { severity: "warning", summary: "deprecated" } },
    { type: "change_summary", changes: { add: 1, change: 0, remove: 1, operation: "apply" } },
    {
      type: "outputs",
      outputs: { url: { sensitive: false, value: "https://x" }, token: { sensitive: true } },
    },
  ];
  expect(progress.began).toBe(false);
  for (const line of lines) progress.read(JSON.stringify(line));
  progress.read("Warning: not JSON");
  progress.read("{ broken");
  expect(progress.began).toBe(true);
  expect(told).toEqual(["1 created alarms/topic (12 s)", "2 destroyed aws_kms_key.k"]);
  expect(progress.errors).toEqual([{ summary: "creating", detail: "no", address: "alarms/topic" }]);
  expect(progress.applied).toEqual({ added: 1, changed: 0, destroyed: 1 });
  expect(
    show({
      version: 1,
      environment: "envs/prod",
      applied: progress.applied,
      outputs: progress.outputs,
      used: ["todo-table/table"],
    }),
  ).toBe(
    "url = https://x\ntoken = (sensitive)\n\ntodo-table/table was lost as acknowledged: take that back from envs/prod.ts.",
  );
});

describe("Terraform, by a stand-in of a few lines,", () => {
  /** A program that runs until it has been interrupted, and says how often that was. */
  const STAND_IN = `
    let times = 0;
    process.on("SIGINT", () => { times += 1; setTimeout(() => { console.log("interrupted " + times); process.exit(1); }, 200); });
    console.log("begun");
    setTimeout(() => console.log("ready"), 500);
    setInterval(() => {}, 1000);`;

  beforeAll(() => {
    process.env["TERRAFORM_BINARY_NAME"] = process.execPath;
  });

  afterAll(() => {
    delete process.env["TERRAFORM_BINARY_NAME"];
  });

  const run = async (heeds?: (line: string) => boolean) => {
    const lines: string[] = [];
    let told = 0;
    const onLine = (line: string) => {
      lines.push(line);
      if (line !== "begun") return;
      for (const signal of ["SIGINT", "SIGINT", "SIGTERM"] as const) process.emit(signal, signal);
    };
    const ended = await terraform(folder, ["-e", STAND_IN], onLine, () => told++, heeds);
    return { ...ended, lines, told };
  };

  test("is interrupted once, however often the command is, and waited for", async () => {
    expect(await run()).toMatchObject({
      code: 1,
      interrupted: true,
      lines: ["begun", "interrupted 1"],
      told: 1,
    });
  });

  test("is not interrupted before it heeds that", async () => {
    expect(await run((line) => line === "ready")).toMatchObject({
      code: 1,
      interrupted: true,
      lines: ["begun", "ready", "interrupted 1"],
      told: 1,
    });
  });

  test("that is missing is said to be", async () => {
    process.env["TERRAFORM_BINARY_NAME"] = join(folder, "no-terraform");
    await expect(
      terraform(
        folder,
        ["version"],
        () => {},
        () => {},
      ),
    ).rejects.toMatchObject({
      message: `${join(folder, "no-terraform")}: could not be run; install Terraform 1.11 or newer`,
      exitCode: EXIT.missingTool,
    });
    process.env["TERRAFORM_BINARY_NAME"] = process.execPath;
  });
});
