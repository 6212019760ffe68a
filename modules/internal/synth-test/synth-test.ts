import { rmSync } from "node:fs";
import { TerraformStack, Testing } from "cdktf";
import { Label } from "../label";

/** One resource of the synthesised JSON: its Terraform arguments. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach deep into JSON whose shape they assert.
export type Resource = Record<string, any>;

/** The synthesised JSON of one stack, to ask questions of. */
export interface Synthesised {
  /** All resources of a type (e.g. `aws_s3_bucket`), in the order of their ids. */
  all(type: string): Resource[];
  /** The one resource of a type, or the one whose id contains `idPart`. Fails unless there is exactly one. */
  one(type: string, idPart?: string): Resource;
  /** Types of resources in the stack, each once. */
  readonly types: string[];
  /** The whole document. */
  readonly json: Resource;
}

/** Label of the tests: project `acme`, environment `test`. */
export const testLabel = new Label({
  project: "acme",
  environment: "test",
  accountId: "111111111111",
  region: "eu-west-1",
});

/**
 * Synthesises what `build` adds to an empty stack.
 *
 * @param build receives the stack
 */
export function synthesise(build: (stack: TerraformStack) => void): Synthesised {
  const app = Testing.app({ stackTraces: false });
  const stack = new TerraformStack(app, "test");
  build(stack);
  const json = JSON.parse(Testing.synth(stack)) as Resource;
  rmSync(app.outdir, { recursive: true, force: true });
  return read(json);
}

function read(json: Resource): Synthesised {
  const resources: Resource = json["resource"] ?? {};
  const all = (type: string) => Object.values<Resource>(resources[type] ?? {});
  return {
    json,
    types: Object.keys(resources),
    all,
    one(type, idPart = "") {
      const found = Object.entries<Resource>(resources[type] ?? {}).filter(([id]) => id.includes(idPart));
      if (found.length !== 1) {
        throw new Error(
          `expected one ${type}${idPart && ` with "${idPart}" in its id`}, found ${found.length}: ` +
            `${found.map(([id]) => id).join(", ")} (all: ${Object.keys(resources[type] ?? {}).join(", ")})`,
        );
      }
      return (found[0] as [string, Resource])[1];
    },
  };
}
