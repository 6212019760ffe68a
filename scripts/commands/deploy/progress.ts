import type { Diagnostic } from "./problems";

/** A line that `terraform apply -json` prints: https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface Message {
  readonly type?: string;
  readonly hook?: {
    readonly resource?: { readonly addr?: string };
    readonly action?: string;
    readonly elapsed_seconds?: number;
  };
  readonly diagnostic?: Diagnostic & { readonly severity: "error" | "warning" };
  readonly changes?: { readonly add: number; readonly change: number; readonly remove: number };
  readonly outputs?: Readonly<Record<string, Output>>;
}

/** An output of the stack. A sensitive one comes without its value. */
export interface Output {
  readonly sensitive: boolean;
  readonly value?: unknown;
}

/** What an apply came to. */
export interface Applied {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "changed",
  delete: "destroyed",
  move: "moved",
};

/** Follows an apply, line by line. */
export class ApplyProgress {
  /** Terraform has begun with a resource: from here on the environment may have changed. */
  began = false;
  readonly errors: Diagnostic[] = [];
  outputs: Readonly<Record<string, Output>> = {};
  applied: Applied = { added: 0, changed: 0, destroyed: 0 };
  private finished = 0;

  /**
   * @param paths construct paths by address
   * @param tell takes each step of a resource that is done, e.g. `3 created todo-table/table (2 s)`
   */
  constructor(
    private readonly paths: ReadonlyMap<string, string>,
    private readonly tell: (finished: number, text: string) => void,
  ) {}

  /** Takes one line. What is not JSON is no message of Terraform's, and left out. */
  read(line: string): void {
    const message = parse(line);
    if (!message) return;
    const { type, hook, diagnostic, changes, outputs } = message;
    if (type === "apply_start") this.began = true;
    if (type === "apply_complete" && hook) this.complete(hook);
    if (diagnostic?.severity === "error") {
      const { summary, detail, address } = diagnostic;
      const place = address === undefined ? undefined : (this.paths.get(address) ?? address);
      this.errors.push({
        summary,
        ...(detail !== undefined && { detail }),
        ...(place !== undefined && { address: place }),
      });
    }
    if (type === "change_summary" && changes) {
      this.applied = { added: changes.add, changed: changes.change, destroyed: changes.remove };
    }
    if (type === "outputs" && outputs) this.outputs = outputs;
  }

  private complete({ resource, action = "", elapsed_seconds: seconds }: NonNullable<Message["hook"]>): void {
    const verb = DONE[action];
    if (verb === undefined) return;
    const address = resource?.addr ?? "";
    this.finished += 1;
    const time = seconds === undefined ? "" : ` (${Math.round(seconds)} s)`;
    this.tell(this.finished, `${verb} ${this.paths.get(address) ?? address}${time}`);
  }
}

function parse(line: string): Message | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}
