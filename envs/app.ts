import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { App, Manifest, type StackManifest, type TerraformStack } from "cdktf";

/**
 * An app whose stacks go by their construct path: the stack `prod` below the construct `envs` is `envs/prod` on the command
 * line, and its folder in the output is `envs/prod`. cdktf would call it `prod`, in `stacks/prod`.
 *
 * Not below `stacks/`: the CLI deletes every folder there whose last part is no stack's name.
 */
export class EnvironmentsApp extends App {
  constructor(outdir?: string) {
    super({
      // A trace for every construct costs a third of the synth; CDKTF_STACK_TRACES=1 asks for them.
      stackTraces: process.env["CDKTF_STACK_TRACES"] === "1",
      ...(outdir !== undefined && { outdir }),
    });
    const { version, hclOutput } = this.manifest;
    Object.defineProperty(this, "manifest", { value: new PathManifest(version, this.outdir, hclOutput) });
  }

  /** Stacks are independent, so that one can be deployed without another's state; see PlatformStack.prepareStack. */
  override crossStackReference(from: TerraformStack, to: TerraformStack, identifier: string): string {
    throw new Error(
      `${to.node.path} refers to ${identifier} of ${from.node.path}; stacks must not refer to one another`,
    );
  }
}

class PathManifest extends Manifest {
  override forStack(stack: TerraformStack): StackManifest {
    const name = stack.node.path;
    const known = this.stacks[name];
    if (known) return known;
    mkdirSync(join(this.outdir, name), { recursive: true });
    const manifest: StackManifest = {
      name,
      constructPath: name,
      workingDirectory: name,
      synthesizedStackPath: join(name, this.stackFileName),
      stackMetadataPath: join(name, Manifest.stackMetadataPath),
      annotations: [],
      dependencies: stack.dependencies.map((dependency) => dependency.node.path),
    };
    this.stacks[name] = manifest;
    return manifest;
  }
}
