import { serve } from "@hono/node-server";
import { type Env, Hono } from "hono";
import type { ServiceApp, ServiceEnv } from "../../../../services/internal";
import { RequestContext, runForRequest } from "../../../../services/internal/request-context";

/** Serves an app on a free port of the loopback interface, and says which. */
export function serveApp<E extends Env>(app: Hono<E>): void {
  serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
    console.log(JSON.stringify({ message: "listening", port }));
  });
}

const NO_TRACE = { id: "1-00000000-000000000000000000000000" };

/** Serves a service's routes without the frame: no sign-in, deadline, log, trace or problem details. Everybody is user-1. */
export function serveRoutes(routes: (app: ServiceApp) => void): void {
  const app = new Hono<ServiceEnv>();
  app.use(async (context, next) => {
    context.set("user", { id: "user-1", groups: [] });
    await runForRequest(new RequestContext("", NO_TRACE, ""), next);
  });
  routes(app);
  serveApp(app);
}
