import { JOINS, KINDS, type Kind, PART_OF, STANDS_FOR } from "./kinds";

/** What is read of a `cdk.tf.json`. */
export interface Stack {
  readonly "//"?: { readonly systems?: Readonly<Record<string, readonly string[]>> };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}

export type Block = Readonly<Record<string, unknown>> & {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
};

export interface Node {
  /** Terraform's address, e.g. `aws_dynamodb_table.todo-table_0A1B2C3D`. */
  readonly address: string;
  readonly kind: Kind;
  /** What distinguishes it from others of its kind, e.g. `todo-table`. */
  readonly name: string;
  /** First segment of its construct path below the stack. */
  readonly module: string;
  /** It has addresses in the VPC. */
  readonly inVpc: boolean;
  /** Clients of the platform reach it. */
  readonly public: boolean;
  /** A name in Route 53 leads to it. */
  readonly named: boolean;
}

/** What is drawn of an environment: who uses whom. */
export interface Graph {
  readonly nodes: readonly Node[];
  /** Addresses of nodes. */
  readonly edges: readonly (readonly [from: string, to: string])[];
}

const REFERENCE = /(aws_[a-z0-9_]+)\.([A-Za-z0-9_-]+)/g;

/**
 * Makes the graph of a stack, or of one of its systems with what it uses of the others.
 *
 * An arrow is there where a resource names another, where its role may use it, and where a third joins the two (JOINS).
 *
 * @param system `todo`, `microservices` or `downloads`. @default all
 */
export function graphOf(stack: Stack, system?: string): Graph {
  const reader = new Reader(stack);
  const edges = reader.edges();
  const nodes = reader.nodes();
  const own = new Set(stack["//"]?.systems?.[system ?? ""] ?? []);
  const isOwn = ({ module }: Node) => system === undefined || own.has(module);
  const byAddress = new Map(nodes.map((node) => [node.address, node]));
  const kept = edges.filter(([from]) => isOwn(byAddress.get(from) as Node));
  const used = new Set(kept.flat());
  return {
    // A bucket of logs or a topic of alarms that nobody names is no part of the picture.
    nodes: nodes.filter((node) => used.has(node.address) || (isOwn(node) && node.public)),
    edges: kept,
  };
}

class Reader {
  private readonly blocks = new Map<string, { readonly type: string; readonly block: Block }>();
  /** Address of a role, a target group or a domain to the nodes that it stands for. */
  private readonly bearers = new Map<string, Set<string>>();
  /** Names in DNS to the nodes that they lead to. */
  private readonly names = new Map<string, readonly string[]>();

  constructor(stack: Stack) {
    for (const [type, blocks] of Object.entries(stack.resource ?? {}))
      for (const [name, block] of Object.entries(blocks)) this.blocks.set(`${type}.${name}`, { type, block });
    for (const [address, { type, block }] of this.blocks) {
      if (KINDS[type]) for (const part of this.belongings(block)) this.stand(part, [address]);
    }
    for (const { type, block } of this.blocks.values()) {
      const [what, behind] = STANDS_FOR[type] ?? [];
      if (what === undefined || behind === undefined) continue;
      for (const part of references(block[what])) this.stand(part, this.endsOf(block[behind]));
    }
    for (const block of this.ofType("aws_route53_record")) {
      const name = block["name"];
      if (typeof name === "string" && !name.includes("${")) this.names.set(name, this.endsOf(block["alias"]));
    }
  }

  private stand(part: string, nodes: readonly string[]): void {
    this.bearers.set(part, new Set([...(this.bearers.get(part) ?? []), ...nodes]));
  }

  nodes(): Node[] {
    const named = new Set(this.ofType("aws_route53_record").flatMap((block) => this.endsOf(block["alias"])));
    return [...this.blocks]
      .flatMap(([address, { type, block }]) => {
        const kind = KINDS[type];
        return kind ? [this.node(address, kind, block, named.has(address))] : [];
      })
      .concat(this.origins().map(([, origin]) => origin))
      .sort((a, b) => (a.address < b.address ? -1 : 1));
  }

  /** What CloudFront asks and the stack does not make, with the distribution that asks it. */
  private origins(): (readonly [distribution: string, Node])[] {
    return [...this.blocks].flatMap(([address, { type, block }]) =>
      type !== "aws_cloudfront_distribution"
        ? []
        : ((block["origin"] ?? []) as { readonly domain_name?: string }[])
            .filter(({ domain_name: name = "" }) => !name.includes("${"))
            .map(
              ({ domain_name: name = "" }) =>
                [address, { ...OUTSIDE, address: `origin ${name}`, name }] as const,
            ),
    );
  }

  edges(): (readonly [string, string])[] {
    const found = new Map<string, readonly [string, string]>();
    const add = (from: string, to: string) => {
      if (from !== to) found.set(`${from} ${to}`, [from, to]);
    };
    for (const [address, { type, block }] of this.blocks) {
      const [begin = "", ...ends] = JOINS[type] ?? [];
      for (const from of this.endsOf(block[begin]))
        for (const end of ends) for (const to of this.endsOf(block[end])) add(from, to);
      // Settings such as a cache's endpoint, an origin's domain, a trigger's function.
      if (KINDS[type] && type !== "aws_wafv2_web_acl") {
        for (const text of [block, ...this.definitions(block)]) {
          for (const to of this.endsOf(uses(text))) this.addUse(address, type, to, add);
        }
      }
    }
    for (const [distribution, { address }] of this.origins()) add(distribution, address);
    return [...found.keys()].sort().map((key) => found.get(key) as readonly [string, string]);
  }

  /** A firewall stands before what names it. */
  private addUse(address: string, type: string, to: string, add: (from: string, to: string) => void): void {
    const other = this.blocks.get(to)?.type;
    if (other === "aws_wafv2_web_acl") add(to, address);
    else if (
      type === "aws_vpc_endpoint_service" ||
      KINDS[type]?.group !== "data" ||
      other === "aws_lambda_function"
    )
      add(address, to);
  }

  private node(address: string, kind: Kind, block: Block, named: boolean): Node {
    const path = (block["//"]?.metadata?.path ?? address).split("/").slice(2);
    const text = JSON.stringify(block);
    return {
      address,
      kind,
      name: nameOf(block, path),
      module: path[0] ?? address,
      inVpc:
        /\$\{aws_(subnet|security_group|db_subnet_group|dax_subnet_group|elasticache_subnet_group)\./.test(
          text,
        ),
      public: isPublic(kind, address.split(".")[0] as string, block),
      named,
    };
  }

  /** Roles, task definitions and target groups that a drawn resource has. */
  private belongings(block: Block): string[] {
    const own = references(without(block, ["depends_on"]));
    const tasks = own.filter((address) => address.startsWith("aws_ecs_task_definition."));
    const roles = tasks.flatMap((task) =>
      references(without(this.blocks.get(task)?.block, ["execution_role_arn"])),
    );
    return [...own, ...roles].filter((address) => /^aws_(iam_role|lb_target_group)\./.test(address));
  }

  /** What an ECS service runs. */
  private definitions(block: Block): (Block | undefined)[] {
    return references(block["task_definition"])
      .filter((address) => address.startsWith("aws_ecs_task_definition."))
      .map((address) => this.blocks.get(address)?.block);
  }

  /** The nodes that a value refers to, or whose parts it refers to. */
  private endsOf(value: unknown): string[] {
    const named = hostNames(value).flatMap((name) => this.names.get(name) ?? []);
    return [...new Set([...references(value).flatMap((address) => this.nodesAt(address)), ...named])];
  }

  private nodesAt(address: string): readonly string[] {
    const found = this.blocks.get(address);
    if (!found) return [];
    if (KINDS[found.type]) return [address];
    const whole = PART_OF[found.type];
    if (whole !== undefined) return this.endsOf(found.block[whole]);
    return [...(this.bearers.get(address) ?? [])];
  }

  private ofType(type: string): Block[] {
    return [...this.blocks.values()].filter((found) => found.type === type).map(({ block }) => block);
  }
}

/** An origin that is there already. */
const OUTSIDE = {
  kind: { title: "Existing origin", group: "outside" },
  module: "",
  inVpc: false,
  public: false,
  named: false,
} as const;

/** Attributes by which nothing is used: order of creation, and where alarms, logs and denials go. */
const NO_USE = [
  "//",
  "depends_on",
  "alarms",
  "access_logs",
  "connection_logs",
  "logging_config",
  "s3_bucket",
  "tags",
];

/** A function's variable that tells clients of another API, which the function does not call. */
const TOLD_ALONE = "DEPRECATION_HEADERS";

/** What a block says of what it uses. */
function uses(block: unknown): unknown {
  const text = JSON.stringify(without(block, NO_USE), (name, value) =>
    name === TOLD_ALONE ? undefined : value,
  );
  return JSON.parse(text);
}

function without(block: unknown, names: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(block ?? {}).filter(([name]) => !names.includes(name)));
}

/** Of URLs in settings. */
function hostNames(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(/https:\/\/([a-z0-9.-]+)/g)].map(
    ([, name]) => name as string,
  );
}

function references(value: unknown): string[] {
  const text = JSON.stringify(value ?? null);
  return [...new Set([...text.matchAll(REFERENCE)].map(([address]) => address))];
}

/** What its own name says besides project, environment and the hash of a name that was cut; of a name that refers to others: its module. */
function nameOf(block: Block, path: readonly string[]): string {
  const own = block["name"] ?? block["function_name"] ?? block["bucket"];
  const literal =
    typeof own === "string" && !own.includes("${")
      ? /^[a-z0-9]+-[a-z0-9]+-(.+?)(-[0-9a-f]{8})?$/.exec(own)?.[1]
      : undefined;
  return literal ?? path[0] ?? "";
}

function isPublic({ group }: Kind, type: string, block: Block): boolean {
  if (type === "aws_lb") return block["internal"] !== true && block["load_balancer_type"] !== "network";
  return (
    (group === "entry" && type !== "aws_vpc_endpoint_service") ||
    type === "aws_cognito_user_pool" ||
    type === "aws_cognito_identity_pool"
  );
}
