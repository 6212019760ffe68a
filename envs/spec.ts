import * as z from "zod";
import { assumedTraffic } from "./assumed-traffic-spec";
import { ci } from "./ci-spec";
import { cluster } from "./container-spec";
import { downloads } from "./downloads-spec";
import {
  accountId,
  bucketName,
  cidr,
  logRetentionDays,
  region,
  serviceName,
  slug,
  wholeNumber,
  word,
} from "./fields";
import { microservices } from "./microservices-spec";
import { observability } from "./observability-spec";
import { todo } from "./todo-spec";

/** Where the environment lives. */
const account = z.strictObject({
  /** Twelve-digit AWS account id. Terraform refuses credentials of any other account. */
  id: accountId,
  /** AWS region, e.g. `eu-west-1`. */
  region,
  /**
   * API Gateway's role for writing logs exists once per account and region. `managed`: this environment's bootstrap stack
   * makes it, in the place of any that there is. `existing`: another environment, another project or the account's owner has
   * made it.
   */
  apiGatewayLogging: z.enum(["managed", "existing"]),
});

/** Where Terraform keeps the environment's state. */
const state = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("s3"),
      /** Bucket made by `scripts/bootstrap`. @default `<project>-<name>-tfstate-<hash of account and region>` */
      bucket: bucketName.optional(),
    }),
    z.strictObject({
      kind: z.literal("local"),
      /** File, from the project's folder. */
      path: z.string().min(1),
    }),
  ],
  { error: 'must be one of "s3", "local"' },
);

/** The VPC. Without it nothing runs in one. */
const network = z.strictObject({
  /** IPv4 range of the VPC, /16 to /24, private, apart from every other environment's. */
  cidr,
  /** Two or three availability zones of the region, e.g. `["eu-west-1a", "eu-west-1b"]`. */
  availabilityZones: z.array(z.string()).min(2).max(3),
  /** Way out for private subnets: none at all, one NAT gateway, or one per zone. @default "none" */
  nat: z.enum(["none", "single", "per-zone"]).default("none"),
  /** `dualstack`: IPv6 besides IPv4. @default "ipv4" */
  ipAddressType: z.enum(["ipv4", "dualstack"]).default("ipv4"),
  /** AWS services reached by PrivateLink, e.g. `["secretsmanager", "ecr.api"]`. @default none */
  interfaceEndpoints: z.array(serviceName).default([]),
  /** Other VPCs of the account that it is joined to, routes both ways. @default none */
  peerings: z
    .array(
      z.strictObject({
        /** Short name of the other VPC, e.g. `analytics`. */
        name: slug(24),
        /** Id of the other VPC. */
        vpcId: z.string().regex(/^vpc-[0-9a-f]+$/, { error: "must be the id of a VPC" }),
        /** IPv4 range of the other VPC. */
        cidr,
        /** Route tables of the other VPC's subnets that reach ours. */
        routeTableIds: z
          .array(z.string().regex(/^rtb-[0-9a-f]+$/, { error: "must be the id of a route table" }))
          .min(1),
        /** Region of the other VPC. @default the environment's */
        region: region.exactOptional(),
      }),
    )
    .default([]),
});

/** What may be lost once, by name. It stands until the deployment that loses it, and then is taken back. */
const acknowledgement = z.strictObject({
  /** Construct path of a protected resource, below the stack, e.g. `todo-table/table`; of the bootstrap stack `bootstrap/state/bucket`. */
  path: z.string().min(1),
  /** `destroy`: it goes, and what it holds. `replace`: another, empty, takes its place. */
  action: z.enum(["replace", "destroy"]),
  /** Why that is right, for those who review it. */
  reason: z.string().min(10),
});

/** Everything that differs between environments. Each system is optional: what is absent creates nothing. */
export const environmentSpec = z.strictObject({
  /** Short name of the project, the first part of every name: up to 16 letters and digits. */
  project: word(16),
  /** Name of the environment, as in `envs/<name>`: up to 16 letters and digits. */
  name: word(16),
  /** `production` turns recommendations into rules: protection, remote state, alarms to someone, no single node. */
  tier: z.enum(["development", "production"]),
  account,
  state,
  /** Team that answers for it; a tag on everything. */
  owner: z.string().min(1).max(256),
  /** Further tags on everything. @default none */
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
  /** AWS and Terraform refuse to delete what holds data. @default true */
  deletionProtection: z.boolean().default(true),
  /** Protected resources that may be replaced or destroyed all the same. @default none */
  acknowledged: z.array(acknowledgement).default([]),
  /** Days that logs are kept; a value of CloudWatch's. @default 90 */
  logRetentionDays: logRetentionDays.default(90),
  /** Days in which a deleted encryption key can be had back, 7 to 30. @default 30 */
  keyDeletionDays: wholeNumber(7, 30).default(30),
  /** Who is told of alarms. @default nobody */
  alarmEmails: z.array(z.email({ error: "must be an e-mail address" })).default([]),
  /** Addresses buckets by path instead of by host name, as emulators need. @default false */
  s3UsePathStyle: z.boolean().default(false),
  /** What scripts/cost prices usage by. @default that of a small production */
  assumedTraffic: assumedTraffic.prefault({}),
  ci: ci.optional(),
  network: network.optional(),
  cluster: cluster.optional(),
  todo: todo.optional(),
  microservices: microservices.optional(),
  downloads: downloads.optional(),
  /** Dashboards, saved queries, traces, and alarms that are told once. @default what modules/observability has for defaults */
  observability: observability.prefault({}),
});

/** What a file under `envs/` holds: optional fields may be left out. */
export type EnvironmentInput = z.input<typeof environmentSpec>;

/** A checked environment, its defaults filled in. */
export type EnvironmentSpec = z.output<typeof environmentSpec>;
