import { findService, ServiceLogs, servicesWithLogs } from "../../scripts/commands/local/service-logs";
import { environmentDirectory } from "./directory";
import { download } from "./releases";
import { until } from "./services";

/** A request as the application behind the load balancer has logged it. */
export interface LoggedRequest {
  readonly requestId: string;
  /** e.g. `GET /updates/*`. */
  readonly route: string;
  readonly status: number;
}

/** What the application that serves the files was asked, by its own log: all that the cache spared it is not there. */
export class ApplicationLog {
  private readonly logs: ServiceLogs;

  constructor() {
    const directory = environmentDirectory();
    const service = findService(servicesWithLogs(directory), "updates");
    if (service === undefined) throw new Error("no service updates has a log");
    this.logs = new ServiceLogs(directory, service);
    this.logs.read();
  }

  /** Requests that were answered since the last call. */
  async requests(): Promise<LoggedRequest[]> {
    const found: LoggedRequest[] = [];
    // It is never cached, and logged behind all that was answered before.
    const { originRequest: marker } = await download("/");
    await until("the application's log", 20, () => {
      for (const line of this.logs.read()) {
        const entry = line.slice(line.indexOf("{"));
        if (entry.includes('"message":"request"')) found.push(JSON.parse(entry) as LoggedRequest);
      }
      return found.some(({ requestId }) => requestId === marker);
    });
    return found.filter(({ requestId }) => requestId !== marker);
  }
}
