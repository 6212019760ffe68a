import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import { stringify } from "yaml";
import { LambdaFunction } from "../lambda-function";
import { type Synthesised, synthesise, testArtifact, testLabel } from "../synth-test";
import { type Contract, loadContract, RestApi, type RestApiConfig } from ".";

/** Key of the logs. */
export const LOG_KEY = "arn:aws:kms:eu-west-1:111111111111:key/telemetry";
/** Topic of the alarms. */
export const TOPIC = "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms";
/** User pool before the API. */
export const POOL = "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_pool";

/** An operation that lists notes. */
export const listNotes = {
  operationId: "listNotes",
  "x-function": "notes",
  "x-cache": true,
  parameters: [
    { name: "limit", in: "query", schema: { type: "integer" } },
    { name: "If-None-Match", in: "header", schema: { type: "string" } },
    { name: "Cache-Control", in: "header", schema: { type: "string" } },
    { name: "theme", in: "cookie", schema: { type: "string" } },
  ],
};
/** An operation that adds a note. */
export const addNote = {
  operationId: "addNote",
  "x-function": "notes",
  requestBody: {
    required: true,
    content: { "application/json": { schema: { $ref: "#/components/schemas/NoteInput" } } },
  },
};
/** An operation that reads a note. */
export const getNote = { operationId: "getNote", "x-function": "notes", "x-cache": true };
/** An operation that deletes a note. */
export const deleteNote = { operationId: "deleteNote", "x-function": "notes" };

/** A document of its own, so that these tests do not change with the platform's APIs. */
export const NOTES = {
  openapi: "3.0.3",
  info: { title: "Notes", version: "1.0.0" },
  security: [{ userPool: [] }],
  paths: {
    "/notes": { get: listNotes, post: addNote },
    "/notes/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
      get: getNote,
      delete: deleteNote,
    },
  },
  components: {
    schemas: {
      NoteInput: {
        type: "object",
        required: ["text"],
        properties: {
          text: { type: "string", minLength: 1, maxLength: 10 },
          due: { type: "string", nullable: true },
          tags: { type: "array", maxItems: 3, items: { type: "string" } },
        },
      },
    },
  },
};

/** Reads a document, or the text of one, as `api/notes/v1.yaml`. */
export function contractOf(document: unknown): Contract {
  const root = mkdtempSync(join(tmpdir(), "contract-"));
  try {
    mkdirSync(join(root, "api", "notes"), { recursive: true });
    const text =
      typeof document === "string" ? document : stringify(document, { aliasDuplicateObjects: false });
    writeFileSync(join(root, "api", "notes", "v1.yaml"), text);
    return loadContract(root, "notes", "v1");
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What a test may change: the API's configuration, and the time-out of its function. */
export type Change = Partial<RestApiConfig> & { readonly timeoutSeconds?: number };

/**
 * Synthesises the API of a contract, with its function.
 *
 * @param use is given the API. @default nothing more is done with it
 */
export function synthesiseApi(
  change: Change = {},
  contract: Contract = contractOf(NOTES),
  use: (api: RestApi, stack: TerraformStack) => void = () => undefined,
): Synthesised {
  const { timeoutSeconds = 10, ...config } = change;
  return synthesise((stack) => {
    const notes = new LambdaFunction(stack, "function", {
      label: testLabel,
      artifact: { ...testArtifact("notes"), timeoutSeconds },
      artifactBucket: "artifacts",
      environment: {},
      statements: [],
      kmsKeyArn: LOG_KEY,
      logRetentionDays: 30,
      alarmTopicArn: TOPIC,
      reservedConcurrency: 5,
    });
    const api = new RestApi(stack, "api", {
      label: testLabel,
      contract,
      functions: { notes },
      userPoolArn: POOL,
      throttleRatePerSecond: 100,
      throttleBurst: 200,
      kmsKeyArn: LOG_KEY,
      logRetentionDays: 90,
      alarmTopicArn: TOPIC,
      ...config,
    });
    use(api, stack);
  });
}
