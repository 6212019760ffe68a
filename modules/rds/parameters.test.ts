import type { RdsConfig } from ".";
import { synth } from "./fixture";

/** Parameters of each group of a database, by name. */
function groups(changes: Partial<RdsConfig>) {
  const result = synth(changes);
  return [...result.all("aws_rds_cluster_parameter_group"), ...result.all("aws_db_parameter_group")].map(
    ({ name, family, parameter, lifecycle }) => ({
      name,
      family,
      lifecycle,
      parameters: Object.fromEntries(
        parameter.map((each: { name: string; value: string }) => [each.name, each.value]),
      ),
    }),
  );
}

test.each([
  { engine: "postgres", engineVersion: "17", family: "postgres17" },
  { engine: "mysql", engineVersion: "8.4", family: "mysql8.4" },
  { engine: "mariadb", engineVersion: "10.11", family: "mariadb10.11" },
  { engine: "aurora-postgresql", engineVersion: "16", family: "aurora-postgresql16" },
  { engine: "aurora-mysql", engineVersion: "8.0", family: "aurora-mysql8.0" },
] as const)("parameters of $engine $engineVersion are of the family $family", ({ family, ...changes }) => {
  for (const group of groups(changes)) expect(group.family).toBe(family);
});

test("a version in full has the family of its major one", () => {
  const changes = {
    engine: "aurora-mysql",
    engineVersion: "8.0.mysql_aurora.3.08.2",
    autoMinorVersionUpgrade: false,
  } as const;
  expect(groups(changes).map(({ family }) => family)).toEqual(["aurora-mysql8.0", "aurora-mysql8.0"]);
});

test("another family is another group, made before the old one goes", () => {
  const [before] = groups({});
  const [after] = groups({ engineVersion: "17", allowMajorVersionUpgrade: true });
  expect(before).toMatchObject({
    name: "acme-test-orders-postgres16",
    lifecycle: { create_before_destroy: true },
  });
  expect(after?.name).toBe("acme-test-orders-postgres17");
});

test.each([
  { engine: "postgres", engineVersion: "16", tls: { "rds.force_ssl": "1" } },
  { engine: "aurora-postgresql", engineVersion: "16", tls: { "rds.force_ssl": "1" } },
  { engine: "mysql", engineVersion: "8.4", tls: { require_secure_transport: "1" } },
  { engine: "mariadb", engineVersion: "11.4", tls: { require_secure_transport: "1" } },
  { engine: "aurora-mysql", engineVersion: "8.0", tls: { require_secure_transport: "ON" } },
] as const)("control 31: $engine refuses plain connections", ({ tls, ...changes }) => {
  expect(groups(changes)[0]?.parameters).toMatchObject(tls);
});

test.each([
  { engine: "postgres", engineVersion: "16" },
  { engine: "aurora-postgresql", engineVersion: "16" },
] as const)("control 38: $engine speaks TLS 1.2 at least", (changes) => {
  expect(groups(changes)[0]?.parameters).toMatchObject({ ssl_min_protocol_version: "TLSv1.2" });
});

test("the parameters that force TLS take effect at once", () => {
  const [group] = synth().all("aws_db_parameter_group");
  expect(group?.["parameter"]).toContainEqual({
    name: "rds.force_ssl",
    value: "1",
    apply_method: "immediate",
  });
});

test("PostgreSQL logs slow statements without their parameters, and waits for locks", () => {
  expect(groups({ slowStatementMilliseconds: 250 })[0]?.parameters).toMatchObject({
    log_min_duration_statement: "250",
    log_parameter_max_length: "0",
    log_lock_waits: "1",
  });
});

test.each([
  { engine: "mysql", engineVersion: "8.4" },
  { engine: "mariadb", engineVersion: "11.4" },
  { engine: "aurora-mysql", engineVersion: "8.0" },
] as const)("$engine logs slow statements to a file", (changes) => {
  expect(groups({ ...changes, slowStatementMilliseconds: 250 }).at(-1)?.parameters).toMatchObject({
    slow_query_log: "1",
    long_query_time: "0.25",
    log_output: "FILE",
  });
});

test.each([
  { engine: "postgres", engineVersion: "16" },
  { engine: "aurora-mysql", engineVersion: "8.0" },
] as const)("$engine takes as many connections as the configuration says", (changes) => {
  expect(groups(changes).at(-1)?.parameters).toMatchObject({ max_connections: "200" });
});

test("further parameters wait for a restart", () => {
  const [group] = synth({ parameters: { work_mem: "8192" } }).all("aws_db_parameter_group");
  expect(group?.["parameter"]).toContainEqual({
    name: "work_mem",
    value: "8192",
    apply_method: "pending-reboot",
  });
});
