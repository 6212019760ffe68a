import { TerraformResource, type TerraformStack } from "cdktf";
import { Construct, RootConstruct } from "constructs";

/** A resource of a stack. */
export interface StackResource {
  /** Construct path below the stack, e.g. `todo-table/table`. */
  readonly path: string;
  /** Terraform's type, e.g. `aws_dynamodb_table`. */
  readonly type: string;
  /** Terraform's address, e.g. `aws_dynamodb_table.todo-table_table_53B1F0D2`. */
  readonly address: string;
  readonly resource: TerraformResource;
}

/** All resources of a stack. */
export function resourcesOf(stack: TerraformStack): StackResource[] {
  return stack.node
    .findAll()
    .filter((node) => TerraformResource.isTerraformResource(node))
    .map((resource) => ({
      path: resource.node.path.slice(stack.node.path.length + 1),
      type: resource.terraformResourceType,
      address: `${resource.terraformResourceType}.${resource.friendlyUniqueId}`,
      resource,
    }));
}

/** Address of a resource that a stack has, or had, at a path. */
export function addressAt(stack: TerraformStack, type: string, path: string): string {
  const [first = "", ...rest] = path.split("/");
  // cdktf makes the name from the path alone, so a tree of nothing but that path gives it.
  const leaf = rest.reduce<Construct>((scope, id) => new Construct(scope, id), new RootConstruct(first));
  return `${type}.${stack.getLogicalId(leaf.node)}`;
}
