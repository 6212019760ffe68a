import { Fn, Token } from "cdktf";
import { type Resource, synthesise } from "../internal/synth-test";
import { Rds } from ".";
import { AURORA, config, reference, synth } from "./fixture";

describe.each([
  { kind: "instance", engine: "postgres", type: "aws_db_instance" },
  { kind: "cluster", engine: "aurora-postgresql", type: "aws_rds_cluster" },
] as const)("$kind", ({ kind, engine, type }) => {
  const server = (changes: Parameters<typeof synth>[0] = {}) => synth({ engine, ...changes }).one(type);

  test("has its names, and the version's minor ones come by themselves", () => {
    expect(server()).toMatchObject({
      [kind === "cluster" ? "cluster_identifier" : "identifier"]: "acme-test-orders",
      [kind === "cluster" ? "database_name" : "db_name"]: "orders",
      [kind === "cluster" ? "master_username" : "username"]: "administrator",
      engine,
      engine_version: "16",
      port: 5432,
    });
  });

  test("control 24: data is encrypted with the customer-managed key", () => {
    expect(server()).toMatchObject({ storage_encrypted: true, kms_key_id: config.kmsKeyArn });
  });

  test("control 26: RDS keeps the administrator's password, encrypted with the customer-managed key", () => {
    expect(server()).toMatchObject({
      manage_master_user_password: true,
      master_user_secret_kms_key_id: config.kmsKeyArn,
    });
    for (const given of ["password", "password_wo", "master_password", "master_password_wo"]) {
      expect(server()).not.toHaveProperty(given);
    }
  });

  test("control 26: the schedule of its rotation follows the configuration", () => {
    const { types, ...result } = synth({ engine, masterPasswordRotationDays: 30 });
    expect(result.one("aws_secretsmanager_secret_rotation")).toMatchObject({
      secret_id: reference(type, "master_user_secret[0].secret_arn"),
      rotate_immediately: false,
      rotation_rules: { automatically_after_days: 30 },
    });
    expect(synth({ engine }).types).not.toContain("aws_secretsmanager_secret_rotation");
  });

  test("users may sign in by IAM", () => {
    expect(server()["iam_database_authentication_enabled"]).toBe(true);
  });

  test("control 31: backups are kept for 7 days, with the database's tags", () => {
    expect(server()).toMatchObject({ backup_retention_period: 7, copy_tags_to_snapshot: true });
    expect(server({ backupRetentionDays: 35 })["backup_retention_period"]).toBe(35);
  });

  test("control 31: a last snapshot is taken under a name of its own, and backups outlive the database", () => {
    expect(server()).toMatchObject({
      skip_final_snapshot: false,
      final_snapshot_identifier: expect.stringMatching(
        /^acme-test-orders-final-\$\{substr\(terraform_data\..+\.id, 0, 8\)\}$/,
      ),
      delete_automated_backups: false,
    });
  });

  test("without a last snapshot nothing is left", () => {
    const left = server({ skipFinalSnapshot: true });
    expect(left).toMatchObject({ skip_final_snapshot: true, delete_automated_backups: true });
    expect(left).not.toHaveProperty("final_snapshot_identifier");
  });

  test.each([true, false])("control 2: deletion protection %s is AWS's and Terraform's", (protection) => {
    expect(server({ deletionProtection: protection })).toMatchObject({
      deletion_protection: protection,
      lifecycle: { prevent_destroy: protection },
    });
  });

  test("control 33: the subnets are of two zones", () => {
    expect(synth({ engine }).one("aws_db_subnet_group")).toMatchObject({
      name: "acme-test-orders",
      subnet_ids: ["subnet-a", "subnet-b"],
    });
    expect(server()["db_subnet_group_name"]).toEqual(reference("aws_db_subnet_group", "name"));
  });

  test("backups and maintenance are apart, and changes wait for the latter", () => {
    expect(server()).toMatchObject({
      [kind === "cluster" ? "preferred_backup_window" : "backup_window"]: "03:00-04:00",
      [kind === "cluster" ? "preferred_maintenance_window" : "maintenance_window"]: "sun:04:30-sun:05:30",
      apply_immediately: false,
    });
  });

  test("is in its own group, not its clients'", () => {
    expect(server()["vpc_security_group_ids"]).toEqual([
      expect.stringMatching(/^\$\{aws_security_group\.database_security-groups_server_/),
    ]);
  });

  test("control 21: a client's grant connects as one user to this database", () => {
    const id = kind === "cluster" ? "cluster_resource_id" : "resource_id";
    expect(synth({ engine }).statements[0]).toEqual({
      Sid: "ConnectToDatabase",
      Effect: "Allow",
      Action: ["rds-db:connect"],
      Resource: [
        expect.stringMatching(
          new RegExp(`^arn:aws:rds-db:eu-west-1:111111111111:dbuser:\\$\\{${type}\\.[\\w-]+\\.${id}\\}/app$`),
        ),
      ],
    });
  });

  test("control 21: a migration's grant reads the administrator's secret, and decrypts it alone", () => {
    const secret = reference(type, "master_user_secret[0].secret_arn");
    expect(synth({ engine }).statements.slice(1)).toEqual([
      {
        Sid: "ReadMasterSecret",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [secret],
      },
      {
        Sid: "DecryptMasterSecret",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [config.kmsKeyArn],
        Condition: {
          StringEquals: {
            "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
            "kms:EncryptionContext:SecretARN": secret,
          },
        },
      },
    ]);
  });
});

describe("instance", () => {
  const primary = (changes: Parameters<typeof synth>[0] = {}) =>
    synth(changes).one("aws_db_instance", "primary");

  test("control 31: a standby waits in a second zone", () => {
    expect(primary()["multi_az"]).toBe(true);
    expect(primary({ multiAz: false })["multi_az"]).toBe(false);
  });

  test("control 37: nothing outside the VPC reaches it", () => {
    expect(primary()["publicly_accessible"]).toBe(false);
  });

  test("storage is gp3 and grows to twice its size by itself", () => {
    expect(primary()).toMatchObject({
      storage_type: "gp3",
      allocated_storage: 100,
      max_allocated_storage: 200,
    });
    expect(primary()).not.toHaveProperty("iops");
    expect(primary({ maximumGigabytes: 1000 })["max_allocated_storage"]).toBe(1000);
    expect(primary({ allocatedGigabytes: 50_000 })["max_allocated_storage"]).toBe(65_536);
  });

  test("a large volume can be faster", () => {
    const changes = { allocatedGigabytes: 400, storageIops: 12_000, storageThroughputMegabytes: 500 };
    expect(primary(changes)).toMatchObject({ iops: 12_000, storage_throughput: 500 });
  });

  test("gives its addresses", () => {
    expect(synth().given).toMatchObject({
      endpoint: reference("aws_db_instance", "address"),
      port: reference("aws_db_instance", "port"),
      database: "orders",
      reader: "none",
      proxy: "none",
    });
  });

  test.each([
    {
      name: "a snapshot",
      changes: { snapshotIdentifier: "orders-before" },
      source: { snapshot_identifier: "orders-before" },
    },
    {
      name: "another database as it is",
      changes: { restoreSourceIdentifier: "acme-test-orders" },
      source: {
        restore_to_point_in_time: {
          source_db_instance_identifier: "acme-test-orders",
          use_latest_restorable_time: true,
        },
      },
    },
    {
      name: "another database as it was",
      changes: { restoreSourceIdentifier: "acme-test-orders", restoreTime: "2030-01-31T12:00:00Z" },
      source: {
        restore_to_point_in_time: {
          source_db_instance_identifier: "acme-test-orders",
          restore_time: "2030-01-31T12:00:00Z",
        },
      },
    },
  ])("is made of $name, whose names it has", ({ changes, source }) => {
    const made = primary({ name: "restored", ...changes });
    expect(made).toMatchObject(source);
    expect(made).not.toHaveProperty("db_name");
    expect(made).not.toHaveProperty("username");
  });
});

describe("cluster", () => {
  const cluster = (changes: Parameters<typeof synth>[0] = {}) =>
    synth({ ...AURORA, ...changes }).one("aws_rds_cluster");
  const members = (changes: Parameters<typeof synth>[0] = {}) =>
    synth({ ...AURORA, ...changes }).all("aws_rds_cluster_instance");

  test("control 31: a replica in a second zone takes over", () => {
    expect(
      members().map(({ identifier, availability_zone, promotion_tier }) => [
        identifier,
        availability_zone,
        promotion_tier,
      ]),
    ).toEqual([
      ["acme-test-orders-1", "eu-west-1a", 0],
      ["acme-test-orders-2", "eu-west-1b", 1],
    ]);
  });

  test("without multiAz one instance is enough", () => {
    expect(members({ multiAz: false })).toHaveLength(1);
  });

  test("control 37: nothing outside the VPC reaches its instances", () => {
    expect(members().map(({ publicly_accessible }) => publicly_accessible)).toEqual([false, false]);
  });

  test("storage costs by I/O unless the configuration says otherwise", () => {
    expect(cluster()).not.toHaveProperty("storage_type");
    expect(cluster({ ioOptimized: true })["storage_type"]).toBe("aurora-iopt1");
  });

  test("Serverless v2 scales within its units", () => {
    const serverless = { instanceClass: "db.serverless", maximumCapacityUnits: 8 };
    expect(
      cluster({ ...serverless, minimumCapacityUnits: 0.5 })["serverlessv2_scaling_configuration"],
    ).toEqual({
      min_capacity: 0.5,
      max_capacity: 8,
    });
    expect(cluster({ ...serverless, minimumCapacityUnits: 0 })["serverlessv2_scaling_configuration"]).toEqual(
      {
        min_capacity: 0,
        max_capacity: 8,
        seconds_until_auto_pause: 300,
      },
    );
    expect(cluster()).not.toHaveProperty("serverlessv2_scaling_configuration");
  });

  test("a major upgrade takes the instances' parameters along", () => {
    expect(cluster({ allowMajorVersionUpgrade: true })).toMatchObject({
      allow_major_version_upgrade: true,
      db_instance_parameter_group_name: reference("aws_db_parameter_group", "name"),
    });
    expect(cluster()).not.toHaveProperty("db_instance_parameter_group_name");
  });

  test("gives its addresses", () => {
    expect(synth(AURORA).given).toMatchObject({
      port: reference("aws_rds_cluster", "port"),
    });
  });

  test.each([
    { address: "endpoint", attribute: "endpoint", instances: 1 },
    { address: "reader", attribute: "reader_endpoint", instances: 3 },
  ])("its $address is given once an instance answers there", ({ address, attribute, instances }) => {
    const waited = "aws_rds_cluster_instance\\.[\\w-]+\\.id";
    expect(synth({ ...AURORA, replicas: 2 }).given[address]).toMatch(
      new RegExp(
        `^\\$\\{element\\(\\[aws_rds_cluster\\.[\\w-]+\\.${attribute}(, ${waited}){${instances}}\\], 0\\)\\}$`,
      ),
    );
  });

  test.each([
    {
      name: "a snapshot",
      changes: { snapshotIdentifier: "orders-before" },
      source: { snapshot_identifier: "orders-before" },
    },
    {
      name: "another cluster as it is",
      changes: { restoreSourceIdentifier: "acme-test-orders" },
      source: {
        restore_to_point_in_time: {
          source_cluster_identifier: "acme-test-orders",
          restore_type: "full-copy",
          use_latest_restorable_time: true,
        },
      },
    },
    {
      name: "another cluster as it was",
      changes: { restoreSourceIdentifier: "acme-test-orders", restoreTime: "2030-01-31T12:00:00Z" },
      source: {
        restore_to_point_in_time: {
          source_cluster_identifier: "acme-test-orders",
          restore_type: "full-copy",
          restore_to_time: "2030-01-31T12:00:00Z",
        },
      },
    },
  ])("is made of $name, whose names it has", ({ changes, source }) => {
    const made = cluster({ name: "restored", ...changes });
    expect(made).toMatchObject(source);
    expect(made).not.toHaveProperty("database_name");
    expect(made).not.toHaveProperty("master_username");
  });
});

describe("security groups", () => {
  const rule = ({ description: _, ...rest }: Resource) => rest;
  const SERVER = expect.stringMatching(/^\$\{aws_security_group\.database_security-groups_server_/);
  const CLIENTS = expect.stringMatching(/^\$\{aws_security_group\.database_security-groups_clients_/);

  test("control 37: only clients reach the database, on its port, and it reaches nothing", () => {
    const result = synth();
    const traffic = { ip_protocol: "tcp", from_port: 5432, to_port: 5432 };
    expect(result.all("aws_vpc_security_group_ingress_rule").map(rule)).toEqual([
      { ...traffic, security_group_id: SERVER, referenced_security_group_id: CLIENTS },
    ]);
    expect(result.all("aws_vpc_security_group_egress_rule").map(rule)).toEqual([
      { ...traffic, security_group_id: CLIENTS, referenced_security_group_id: SERVER },
    ]);
  });

  test("control 37: no address range is open", () => {
    expect(JSON.stringify(synth().json)).not.toContain("0.0.0.0/0");
  });

  test("follow the port", () => {
    expect(synth({ port: 6000 }).one("aws_vpc_security_group_ingress_rule")).toMatchObject({
      from_port: 6000,
      to_port: 6000,
    });
  });
});

test("a name that could stand for several users gets no grant", () => {
  const grant = () => synthesise((stack) => new Rds(stack, "database", config).connectStatements("app*"));
  expect(grant).toThrow(
    new Error('user must be of letters, digits and underscores, no digit first, got "app*"'),
  );
});

test.each(["allocatedGigabytes", "maximumConnections", "replicas"])(
  "%s must be known before the deployment",
  (field) => {
    const unknown = Token.asNumber(Fn.lookup({ value: 99 }, "value"));
    expect(() => synth({ [field]: unknown })).toThrow(
      new Error(`${field} must be known before the deployment, as others are computed from it`),
    );
  },
);

test("values known only at deployment are not checked", () => {
  const unknown = Fn.lookup({ value: 99 }, "value");
  const result = synth({
    maximumGigabytes: Token.asNumber(unknown),
    instanceClass: Token.asString(unknown),
    subnetIds: Token.asList(unknown),
  });
  expect(result.one("aws_db_instance")["max_allocated_storage"]).toMatch(/^\$\{.+\.value\}$/);
});
