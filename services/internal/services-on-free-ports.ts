import { type RunningService, type ServiceConfig, serve } from ".";
import { recordingLogger } from "./recording-logger";

/** For tests: serves routes on free ports of loopback, until the end of each test. Call at the top of a test file. */
export function servicesOnFreePorts() {
  const services: RunningService[] = [];
  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.stop()));
  });
  return async (routes: ServiceConfig["routes"], config: Partial<ServiceConfig> = {}) => {
    const { logger, lines } = recordingLogger();
    const service = await serve({
      settings: { host: "127.0.0.1", port: 0, drainSeconds: 0 },
      logger,
      gracefulStopSeconds: 2,
      routes,
      ...config,
    });
    services.push(service);
    const url = `http://127.0.0.1:${service.port}`;
    return {
      url,
      service,
      lines,
      /** Lines of requests. */
      requestLines: () => lines.filter(({ message }) => message === "request"),
      /** Makes a request. */
      ask: async (path: string, init: RequestInit = {}) => {
        const response = await fetch(`${url}${path}`, init);
        return { status: response.status, headers: response.headers, text: await response.text() };
      },
    };
  };
}
