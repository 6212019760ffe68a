import { describeError } from "../../runtime";
import { problemAnswer, type ServiceAppConfig, serviceApp } from "./app";
import { Health, type HealthConfig } from "./health";
import { ServiceServer, type ServiceServerConfig, UnfinishedRequests } from "./server";
import type { ServiceSettings } from "./settings";

/** What makes a running service. */
export interface ServiceConfig
  extends ServiceAppConfig,
    HealthConfig,
    Pick<ServiceServerConfig, "maxInFlight" | "gracefulStopSeconds" | "silenceMilliseconds"> {
  readonly settings: Pick<ServiceSettings, "host" | "port" | "drainSeconds">;
  /** Ends what the routes work with, such as pools, once no request is left. @default nothing */
  readonly close?: () => Promise<void>;
}

/** A service that runs. */
export interface RunningService {
  readonly port: number;
  /** Stops as on SIGTERM, without ending the process. @throws UnfinishedRequests when its time was not enough */
  stop(): Promise<void>;
}

/** Serves a service's routes. */
export async function serve(config: ServiceConfig): Promise<RunningService> {
  const { settings, logger, close, maxInFlight, gracefulStopSeconds, silenceMilliseconds } = config;
  const health = new Health(config);
  const server = new ServiceServer({
    app: serviceApp(config),
    answerError: (error) => problemAnswer(config, error),
    health,
    logger,
    host: settings.host,
    port: settings.port,
    drainSeconds: settings.drainSeconds,
    ...(maxInFlight !== undefined && { maxInFlight }),
    ...(gracefulStopSeconds !== undefined && { gracefulStopSeconds }),
    ...(silenceMilliseconds !== undefined && { silenceMilliseconds }),
  });
  const port = await server.listen();
  logger.info("listening", { port });
  return {
    port,
    stop: async () => {
      await server.stop();
      await close?.();
    },
  };
}

/**
 * Serves a service's routes for as long as the process lives. SIGTERM and SIGINT stop it: the process ends with 0 when every
 * request was answered, with 1 when the time was not enough or a second signal came. An error that nobody caught ends it with 1.
 */
export async function startService(config: ServiceConfig): Promise<RunningService> {
  const { logger } = config;
  process.on("uncaughtException", (error) => {
    logger.error("uncaught", { cause: describeError(error) });
    process.exit(1);
  });
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      logger.error("stopped at once", { signal });
      process.exit(1);
    }
    stopping = true;
    logger.info("stopping", { signal });
    starting
      .then((service) => service.stop())
      .then(
        () => {
          logger.info("stopped");
          process.exit(0);
        },
        (error: unknown) => {
          const unfinished = error instanceof UnfinishedRequests ? error.count : undefined;
          logger.error("not stopped in time", { unfinished, cause: describeError(error) });
          process.exit(1);
        },
      );
  };
  // Before it listens: a signal that finds nobody ends the process, and with it the requests that have come by then.
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  const starting = serve(config);
  return starting;
}
