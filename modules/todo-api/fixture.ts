import { loadContract } from "../internal/rest-api";
import { type Synthesised, synthesise, testArtifact, testLabel } from "../internal/synth-test";
import { TodoApi, type TodoApiConfig, TodoTable, type TodoTableConfig } from ".";

/** Folder of the project. */
const ROOT = `${__dirname}/../..`;

/** Key of the data. */
export const DATA_KEY = "arn:aws:kms:eu-west-1:111111111111:key/data";
/** Key of the logs. */
export const LOG_KEY = "arn:aws:kms:eu-west-1:111111111111:key/telemetry";
/** Topic of the alarms. */
export const TOPIC = "arn:aws:sns:eu-west-1:111111111111:acme-test-alarms";

/** The function's artifact, with the environment variables of functions/todos. */
export const artifact = testArtifact("todos", {
  required: ["TODOS_TABLE", "API_VERSION"],
  optional: [
    "DEPRECATION_HEADERS",
    "DAX_ENDPOINT",
    "CORS_ORIGIN",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
  ],
});

/** Synthesises a table, and versions of the API before it, changed as each test needs. */
export function synthesiseTodos(
  table: Partial<TodoTableConfig> = {},
  ...apis: Partial<TodoApiConfig>[]
): Synthesised {
  return synthesise((stack) => {
    const todos = new TodoTable(stack, "table", {
      label: testLabel,
      kmsKeyArn: DATA_KEY,
      deletionProtection: true,
      pointInTimeRecoveryDays: 35,
      alarmTopicArn: TOPIC,
      ...table,
    });
    for (const [index, api] of apis.entries()) {
      new TodoApi(stack, `api-${index}`, {
        label: testLabel,
        contract: loadContract(ROOT, "todos", "v1"),
        artifact,
        artifactBucket: "artifacts",
        tableName: todos.tableName,
        tableStatements: todos.grantReadWrite(),
        userPoolArn: "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_pool",
        throttleRatePerSecond: 100,
        throttleBurst: 200,
        reservedConcurrency: 10,
        kmsKeyArn: DATA_KEY,
        logKmsKeyArn: LOG_KEY,
        logRetentionDays: 90,
        alarmTopicArn: TOPIC,
        ...api,
      });
    }
  });
}
