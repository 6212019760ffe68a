/** A bare hono handler: the measure of the others. Its answer is a product, as the catalog has it. */
import { Hono } from "hono";
import { PRODUCT } from "../product";
import { serveApp } from "./serve-app";

serveApp(new Hono().all("*", (context) => context.json(PRODUCT)));
