import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeJson } from "../../internal/json-file";
import { needsServices } from "./deployed-kinds";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kinds-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function needs(...resources: { mode: string; type: string }[]): boolean {
  const terraformState = join(folder, "state");
  writeJson(terraformState, { resources });
  return needsServices({ terraformState });
}

test.each([
  ["aws_ecs_service", true],
  ["aws_db_instance", true],
  ["aws_rds_cluster", true],
  ["aws_elasticache_replication_group", true],
  ["aws_elasticache_serverless_cache", true],
  ["aws_ecs_cluster", false],
  ["aws_db_subnet_group", false],
  ["aws_elasticache_user", false],
])("%s: %s", (type, expected) => {
  expect(needs({ mode: "managed", type: "aws_s3_bucket" }, { mode: "managed", type })).toBe(expected);
});

test("what is only looked up needs nothing, nor does an environment that was never deployed", () => {
  expect(needs({ mode: "data", type: "aws_db_instance" })).toBe(false);
  expect(needsServices({ terraformState: join(folder, "none") })).toBe(false);
});
