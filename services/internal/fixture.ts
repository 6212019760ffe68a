import { setTimeout as wait } from "node:timers/promises";
import { createLogger, readSettings, startService } from ".";

// A service of its own process, for the tests of stopping: `tsx fixture.ts [seconds to stop in]`.

const settings = readSettings(process.env);

void startService({
  settings,
  logger: createLogger({ service: settings.name, level: settings.logLevel }),
  gracefulStopSeconds: Number(process.argv[2] ?? 10),
  routes: (app) => {
    app.get("/fast", (c) => c.json({}));
    app.get("/slow", async (c) => {
      await wait(Number(c.req.query("milliseconds")));
      return c.json({});
    });
    app.get("/crash", (c) => {
      setTimeout(() => {
        throw new Error("nobody catches ann@example.com");
      });
      return c.json({});
    });
  },
  close: async () => createLogger({ service: settings.name, level: "INFO" }).info("closed"),
});
