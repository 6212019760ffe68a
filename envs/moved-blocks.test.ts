import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import type { Move } from "./move";
import { addMovedBlocks } from "./moved-blocks";

/** Two stacks: `prod` with items/queue, items/topic and news/topic, `dev` without news. */
function moved(moves: readonly Move[]) {
  const app = Testing.app({ stackTraces: false });
  const stacks = ["prod", "dev"].map((name) => {
    const stack = new TerraformStack(app, name);
    const items = new Construct(stack, "items");
    new SqsQueue(items, "queue", {});
    new SnsTopic(items, "topic", {});
    if (name === "prod") new SnsTopic(new Construct(stack, "news"), "topic", {});
    return stack;
  });
  const { violations } = addMovedBlocks(stacks, moves);
  const blocks = stacks.map((stack) => (stack.toTerraform() as { moved?: unknown }).moved ?? []);
  return {
    violations: violations.map(({ environment, path, message }) => `envs/${environment}: ${path} ${message}`),
    prod: blocks[0],
    dev: blocks[1],
  };
}

/** Addresses as cdktf makes them. */
function address(type: string, path: string): string {
  const stack = new TerraformStack(Testing.app({ stackTraces: false }), "any");
  const [id = "", ...rest] = path.split("/").reverse();
  const scope = rest.reverse().reduce<Construct>((above, part) => new Construct(above, part), stack);
  const resource = type === "aws_sqs_queue" ? new SqsQueue(scope, id, {}) : new SnsTopic(scope, id, {});
  return `${type}.${stack.getLogicalId(resource)}`;
}

const queue = (path: string) => address("aws_sqs_queue", path);
const topic = (path: string) => address("aws_sns_topic", path);
const ITEMS = [
  { from: queue("todos/queue"), to: queue("items/queue") },
  { from: topic("todos/topic"), to: topic("items/topic") },
];

test.each<[name: string, moves: Move[], prod: unknown, dev: unknown]>([
  ["nothing", [], [], []],
  ["a module, with all that is in it", [{ from: "todos", to: "items" }], ITEMS, ITEMS],
  ["one resource", [{ from: "todos/queue", to: "items/queue" }], [ITEMS[0]], [ITEMS[0]]],
  [
    "what one environment has",
    [{ from: "blog", to: "news" }],
    [{ from: topic("blog/topic"), to: topic("news/topic") }],
    [],
  ],
  [
    "an address to a path",
    [{ from: "aws_sqs_queue.by_hand", to: "items/queue" }],
    [{ from: "aws_sqs_queue.by_hand", to: queue("items/queue") }],
    [{ from: "aws_sqs_queue.by_hand", to: queue("items/queue") }],
  ],
  [
    "an address to an address",
    [{ from: topic("blog/topic"), to: topic("news/topic") }],
    [{ from: topic("blog/topic"), to: topic("news/topic") }],
    [],
  ],
  [
    "twice renamed: one block for each step, wherever an environment stands",
    [
      { from: "blog", to: "journal" },
      { from: "journal", to: "news" },
    ],
    [
      { from: topic("journal/topic"), to: topic("news/topic") },
      { from: topic("blog/topic"), to: topic("journal/topic") },
    ],
    [],
  ],
  [
    "a module, and in it a resource that came from elsewhere",
    [
      { from: "todos", to: "items" },
      { from: "alarms/topic", to: "items/topic" },
    ],
    [ITEMS[0], { from: topic("alarms/topic"), to: topic("items/topic") }],
    [ITEMS[0], { from: topic("alarms/topic"), to: topic("items/topic") }],
  ],
])("moves %s", (_, moves, prod, dev) => {
  expect(moved(moves)).toEqual({ violations: [], prod, dev });
});

test.each<[name: string, moves: Move[], violations: string[]]>([
  [
    "to nothing that there is",
    [{ from: "todos", to: "itms" }],
    ['envs/moves.ts: "todos" → "itms" leads to nothing that any environment has; did you mean items?'],
  ],
  [
    "to itself",
    [{ from: "items", to: "items" }],
    ['envs/moves.ts: "items" → "items" leads to where it begins'],
  ],
  [
    "two to one",
    [
      { from: "todos", to: "items" },
      { from: "tasks", to: "items" },
    ],
    [
      'envs/moves.ts: "todos" → "items" leads to the same as "tasks"; one of the two is to go',
      'envs/moves.ts: "tasks" → "items" leads to the same as "todos"; one of the two is to go',
    ],
  ],
  [
    "one to two",
    [
      { from: "todos/topic", to: "items/topic" },
      { from: "todos/topic", to: "news/topic" },
    ],
    [
      `envs/moves.ts: "todos/topic" → "news/topic" begins at ${topic("todos/topic")}, which has moved to items/topic already`,
    ],
  ],
  [
    "from what is still there",
    [{ from: "news/topic", to: "items/topic" }],
    ['envs/moves.ts: "news/topic" → "items/topic" begins at news/topic, which is still there'],
  ],
  [
    "in a circle",
    [
      { from: "journal", to: "news" },
      { from: "news", to: "journal" },
    ],
    [`envs/moves.ts: "news" → "journal" goes in a circle, by ${topic("news/topic")}`],
  ],
  [
    "to another type",
    [{ from: "aws_sns_topic.by_hand", to: "items/queue" }],
    [
      'envs/moves.ts: "aws_sns_topic.by_hand" → "items/queue" would make items/queue of an aws_sns_topic, and it is an aws_sqs_queue',
    ],
  ],
])("refuses a move %s", (_, moves, violations) => {
  expect(moved(moves).violations).toEqual(violations);
});
