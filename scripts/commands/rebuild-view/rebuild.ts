import { CommandError, EXIT } from "../../internal/cli";
import type { Step, StepReport } from "../../internal/steps";
import { compareGenerations } from "./compare";
import { beginOf, brokenOff, describeComparison, describeReplay, LackingOrders, shareOf } from "./explain";
import type { Patience, RebuildPlan, RebuildRequest, RebuildResult, RebuildServices } from "./request";
import type { Control, ViewRow } from "./view";

/** How far something is. */
interface Sight {
  readonly text: string;
  /** Of `all`. @default nothing can be counted */
  readonly done?: number;
  readonly all?: number;
}

const DAY_SECONDS = 24 * 60 * 60;
/** Rows that are changed at once. */
const AT_ONCE = 20;
const ACTIVE = ["STARTING", "RUNNING", "CANCELLING"];

/** A rebuild, or its end by abortion: what it has found out, and the steps that are left. */
export class Rebuild {
  private control = undefined as unknown as Control;
  private found: Partial<Pick<RebuildResult, "comparison" | "failed" | "carriedOver">> = {};
  private replay: string | undefined;
  private leaving = 0;
  private endsAt = 0;
  private action: RebuildResult["action"] = "rebuilt";

  constructor(
    private readonly request: RebuildRequest,
    private readonly services: RebuildServices,
    private readonly patience: Patience,
  ) {}

  /** What would be done, by a look alone. */
  async plan(): Promise<RebuildPlan> {
    const { view, replays, queues } = this.services;
    const control = await view.control();
    const replay = control.building === undefined ? null : this.replayName(control);
    const action =
      control.building !== undefined
        ? "would-go-on"
        : control.leaving !== undefined
          ? "would-end"
          : "would-begin";
    return {
      environment: this.request.environment,
      ...{ action, serving: control.serving, replay },
      generation: control.building ?? control.leaving ?? control.last + 1,
      replayState: (replay && (await replays.find(replay))?.state) ?? null,
      archive: await replays.archive(),
      waiting: await queues.waiting(),
      failed: await queues.failed(),
    };
  }

  /** Steps from where the view is to the end: from the beginning, or from where an earlier run was stopped. */
  async steps(): Promise<readonly Step[]> {
    this.control = await this.services.view.control();
    if (this.control.building === undefined && this.control.leaving !== undefined) {
      this.action = "ended";
      return [this.endStep(this.control.leaving)];
    }
    const { serving } = this.control;
    return [
      { title: "Begin a generation", run: (report) => this.begin(report) },
      { title: "Wait for the archive", run: (report) => this.settle(report) },
      { title: "Replay the archive", run: (report) => this.replayAll(report) },
      { title: "Wait until all of it is projected", run: (report) => this.drain(report) },
      { title: "Compare the generations", run: (report) => this.compare(report) },
      { title: "Switch", run: (report) => this.change(report) },
      this.endStep(serving),
    ];
  }

  /** Steps that give a rebuild up. The generation that serves goes on serving. @throws CommandError when there is none under way */
  async abortion(): Promise<readonly Step[]> {
    this.control = await this.services.view.control();
    this.action = "aborted";
    const { building } = this.control;
    if (building === undefined) {
      throw new CommandError(this.request.environment, "builds no generation", "there is nothing to abort");
    }
    return [
      { title: "Cancel the replay", run: (report) => this.cancel(report) },
      { title: `Give up generation ${building}`, run: () => this.giveUp() },
      this.endStep(building),
    ];
  }

  /** What was done, once the steps are. */
  result(): RebuildResult {
    return {
      environment: this.request.environment,
      ...{ action: this.action, serving: this.control.serving, left: this.leaving },
      ends: new Date(this.endsAt * 1000).toISOString(),
      ...(this.replay !== undefined && { replay: this.replay }),
      ...this.found,
    };
  }

  private async begin(report: StepReport): Promise<void> {
    const { building, since, serving, last } = this.control;
    if (building !== undefined) {
      report.done(`Generation ${building} is being built since ${since}`);
      return;
    }
    await this.write({
      ...{ serving, building: last + 1, last: last + 1 },
      since: new Date(this.patience.now()).toISOString(),
    });
    report.done(`Generation ${last + 1} is being built; ${serving} serves`);
  }

  private async settle(report: StepReport): Promise<void> {
    const { now, settleMilliseconds } = this.patience;
    const until = Date.parse(this.control.since ?? "") + settleMilliseconds;
    await this.until(report, async () => {
      const left = Math.ceil((until - now()) / 1000);
      if (left <= 0) return true;
      const all = settleMilliseconds / 1000;
      return { done: all - left, all, text: `${left} s until it has all that was published before` };
    });
  }

  private async replayAll(report: StepReport): Promise<void> {
    const { replays } = this.services;
    const { environment } = this.request;
    const name = this.replayName(this.control);
    this.replay = name;
    if ((await replays.find(name)) === undefined) {
      const { since, events } = await replays.archive();
      report.progress(`${name}: about ${events} events since ${since}`);
      await replays.start(name, wholeSecond(Date.parse(since)), wholeSecond(this.patience.now()));
    }
    await this.until(report, async () => {
      const replay = await replays.find(name);
      if (replay?.state === "COMPLETED") return true;
      if (replay !== undefined && !ACTIVE.includes(replay.state)) throw brokenOff(environment, name, replay);
      return { ...shareOf(replay), text: describeReplay(name, replay) };
    });
  }

  private async drain(report: StepReport): Promise<void> {
    const { queues } = this.services;
    const { now, quietMilliseconds } = this.patience;
    let emptySince: number | undefined;
    let most = 0;
    await this.until(report, async () => {
      const waiting = await queues.waiting();
      emptySince = waiting > 0 ? undefined : (emptySince ?? now());
      if (emptySince !== undefined && now() - emptySince >= quietMilliseconds) return true;
      most = Math.max(most, waiting);
      const text =
        waiting > 0
          ? `about ${waiting} replayed events wait`
          : "the queue seems empty; its count is not exact";
      return { done: most - waiting, all: most, text };
    });
    this.found = { failed: await queues.failed() };
  }

  private async compare(report: StepReport): Promise<void> {
    const { replays, view } = this.services;
    const { environment, lacking } = this.request;
    const { serving, building = 0 } = this.control;
    const read = (rows: number) => {
      report.progress(`${rows} rows`);
      this.checkDeadline();
    };
    const lack = new LackingOrders(beginOf(await replays.archive(), this.patience.now()));
    let carriedOver = 0;
    const take = async (row: ViewRow) => {
      if (lacking !== "carry-over") return lack.add(row);
      await view.copy(row, building);
      carriedOver += 1;
    };
    let comparison = await compareGenerations(view, serving, building, { lacking: take, read });
    if (carriedOver > 0) {
      this.found = { ...this.found, carriedOver };
      const add = async (row: ViewRow) => lack.add(row);
      comparison = await compareGenerations(view, serving, building, { lacking: add, read });
    }
    this.found = { ...this.found, comparison };
    report.done(describeComparison(building, serving, comparison));
    if (!lack.some || lacking === "leave-out") return;
    throw lack.explain(comparison, { environment, building, failed: this.found.failed ?? 0 });
  }

  private async change(report: StepReport): Promise<void> {
    const { serving, building = 0, last } = this.control;
    await this.write({ serving: building, leaving: serving, last });
    report.done(`Generation ${building} serves`);
  }

  private async cancel(report: StepReport): Promise<void> {
    const { replays } = this.services;
    const name = this.replayName(this.control);
    const replay = await replays.find(name);
    if (replay === undefined || !ACTIVE.includes(replay.state)) {
      report.done(replay === undefined ? "No replay was begun" : `The replay is at its end: ${replay.state}`);
      return;
    }
    this.replay = name;
    await replays.cancel(name);
    await this.until(report, async () => {
      const state = (await replays.find(name))?.state ?? "";
      return !ACTIVE.includes(state) || { text: `${name}: ${state}` };
    });
  }

  private async giveUp(): Promise<void> {
    const { serving, building = 0, last } = this.control;
    await this.write({ serving, leaving: building, last });
  }

  private endStep(generation: number): Step {
    const { keepDays } = this.request;
    return {
      title: `Let generation ${generation} end in ${keepDays} days`,
      run: (report) => this.end(generation, report),
    };
  }

  private async end(generation: number, report: StepReport): Promise<void> {
    const { view } = this.services;
    const { now, sleep, forgetMilliseconds } = this.patience;
    this.leaving = generation;
    this.endsAt = Math.floor(now() / 1000) + this.request.keepDays * DAY_SECONDS;
    await sleep(forgetMilliseconds);
    let rows = 0;
    for await (const page of view.pages()) {
      const left = page.filter((row) => row.generation === generation && !row.ends);
      await eachOf(left, (row) => view.end(row, this.endsAt));
      rows += left.length;
      report.progress(`${rows} orders`);
      this.checkDeadline();
    }
    const { serving, last } = this.control;
    await this.write({ serving, last });
    report.done(`The ${rows} orders of generation ${generation} end in ${this.request.keepDays} days`);
  }

  private async write(to: Omit<Control, "revision">): Promise<void> {
    if (!(await this.services.view.change(this.control, to))) {
      throw new CommandError(
        this.request.environment,
        "somebody else has changed which generations there are",
        "look with --dry-run, then run this again",
      );
    }
    this.control = { ...to, revision: this.control.revision + 1 };
  }

  /** The same for everybody who goes on with this generation, and for no other: a name is free again only after 90 days. */
  private replayName({ building, since }: Control): string {
    const seconds = Math.floor(Date.parse(since ?? "") / 1000).toString(36);
    return `${this.request.archiveName}-${building}-${seconds}`;
  }

  /** Looks until it is done; what it sees instead says how far it is. */
  private async until(report: StepReport, look: () => Promise<true | Sight>): Promise<void> {
    let said = "";
    for (;;) {
      const seen = await look();
      if (seen === true) return;
      const { done = 0, all, text } = seen;
      if (all !== undefined) report.count(done, all, text);
      else if (text !== said) report.progress(text);
      said = text;
      this.checkDeadline();
      await this.patience.sleep(this.patience.pollMilliseconds);
    }
  }

  private checkDeadline(): void {
    const { now, deadline } = this.patience;
    if (now() <= deadline) return;
    throw new CommandError(
      this.request.environment,
      "the rebuild is not at its end by --timeout",
      "the same command goes on; --abort gives it up",
      EXIT.unfinished,
    );
  }
}

/** EventBridge keeps the times of events in whole seconds. */
function wholeSecond(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}

async function eachOf(rows: readonly ViewRow[], work: (row: ViewRow) => Promise<void>): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    await Promise.all(rows.slice(from, from + AT_ONCE).map(work));
  }
}
