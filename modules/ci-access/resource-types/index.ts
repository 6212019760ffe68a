/** Rights by type of resource. A type that a stack has and this table has not fails a test. */
import type { AccessTable } from "./access";
import { BALANCING } from "./balancing";
import { COMPUTE } from "./compute";
import { DATA } from "./data";
import { EDGE } from "./edge";
import { IDENTITY } from "./identity";
import { NETWORK } from "./network";
import { OPERATIONS } from "./operations";
import { SHIFTING } from "./shifting";
import { STORAGE } from "./storage";
import { WORKFLOWS } from "./workflows";

export type { Access } from "./access";

/** What Terraform needs for every type that the modules make. */
export const RESOURCE_TYPES: AccessTable = {
  ...NETWORK,
  ...BALANCING,
  ...COMPUTE,
  ...DATA,
  ...STORAGE,
  ...SHIFTING,
  ...EDGE,
  ...IDENTITY,
  ...OPERATIONS,
  ...WORKFLOWS,
  // Of Terraform itself, and of the provider: they ask AWS for nothing.
  terraform_data: [],
  "data.aws_default_tags": [],
};
