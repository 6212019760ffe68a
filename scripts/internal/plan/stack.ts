import { createHash } from "node:crypto";
import { pathBelowStack } from "../construct-path";

/** Terraform JSON of an environment, `cdk.tf.json`, as far as plans are read with it. */
export interface SynthesisedStack {
  /** What Terraform does not read: cdktf's metadata, and what scripts must know of the specification. */
  readonly "//"?: {
    readonly metadata?: { readonly stackName?: string };
    /** What the specification says may be replaced or destroyed. */
    readonly acknowledged?: readonly Acknowledgement[];
  };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceBlock>>>>;
}

/** A resource as it is synthesised; texts may hold references such as `${aws_s3_bucket.files.arn}`. */
export interface ResourceBlock {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
  readonly [attribute: string]: unknown;
}

/** Permission to lose a resource that holds data, from the environment's specification. */
export interface Acknowledgement {
  /** Path below the stack, e.g. `todo-table/table`. */
  readonly path: string;
  readonly action: "replace" | "destroy";
  readonly reason: string;
}

/** Where a resource belongs. */
export interface Place {
  /** Path below the stack, e.g. `todo-table/table`; the address where no path is known. */
  readonly path: string;
  /** First segment of the path. */
  readonly module: string;
}

/** Module of what belongs to none that is known. */
const REMOVED = "removed";

/** Finds the construct paths of Terraform's addresses. */
export class Places {
  private readonly known = new Map<string, string>();
  private readonly modules: readonly string[];

  constructor(private readonly stack: SynthesisedStack) {
    for (const [type, blocks] of Object.entries(stack.resource ?? {})) {
      for (const [name, block] of Object.entries(blocks)) {
        const path = block["//"]?.metadata?.path;
        if (path !== undefined) this.known.set(`${type}.${name}`, pathBelowStack(path));
      }
    }
    const modules = new Set([...this.known.values()].map(moduleOf));
    this.modules = [...modules].sort((left, right) => right.length - left.length);
  }

  /**
   * @param type e.g. `aws_dynamodb_table`
   * @param name its name in Terraform, e.g. `todo-table_9650A148`
   */
  placeOf(type: string, name: string): Place {
    const path = this.known.get(`${type}.${name}`) ?? this.acknowledgedPath(name);
    if (path !== undefined) return { path, module: moduleOf(path) };
    const module = this.modules.find((known) => name === known || name.startsWith(`${known}_`));
    return { path: `${type}.${name}`, module: module ?? moduleOfName(name) };
  }

  /** What the stack has no longer may still be named in its specification: the name holds a hash of the path. */
  private acknowledgedPath(name: string): string | undefined {
    return this.stack["//"]?.acknowledged?.find(({ path }) => isNameOf(name, path))?.path;
  }
}

/** Whether cdktf names a resource of that path so: https://github.com/hashicorp/terraform-cdk, packages/cdktf/lib/private/unique.ts */
function isNameOf(name: string, path: string): boolean {
  if (!path.includes("/")) return name === path;
  const hash = createHash("md5").update(path).digest("hex").slice(0, 8).toUpperCase();
  return name.endsWith(`_${hash}`) && name.startsWith(path.split("/")[0] ?? "");
}

/** The name's first part is the module, as cdktf makes names. */
function moduleOfName(name: string): string {
  return /^([A-Za-z0-9-]+)_(?:.*_)?[0-9A-F]{8}$/.exec(name)?.[1] ?? REMOVED;
}

function moduleOf(path: string): string {
  return path.split("/", 1)[0] ?? path;
}
