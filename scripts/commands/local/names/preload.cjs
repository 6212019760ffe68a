/**
 * Stands for the DNS and the routing of a VPC: in a process that loads this first (`node --require`), a connection to one of the
 * names in a file goes to a port of the loopback interface. The name stays what it is for TLS and for HTTP's Host header.
 *
 * The file, named by LOCAL_NAMES, is a JSON list of routes, the first that fits first: `{"host": "db.example", "port": 5432,
 * "to": 41234}`. A host that begins with `*.` means every name below; a route without a port is for all. It may change while the
 * process runs: the next connection goes by the new one. Without the file, or with one that cannot be read, names are what they
 * are elsewhere.
 *
 * The containers of a task have the loopback interface to themselves, and here all share one: LOCAL_PORTS, such as
 * `8080=41234,9000=41235`, says where on this machine a task's own ports are.
 *
 * Plain CommonJS, without dependencies: it is loaded into every function and service, whose start it must not slow.
 */
"use strict";
const { readFileSync, statSync } = require("node:fs");
const { Socket } = require("node:net");

const file = process.env.LOCAL_NAMES;
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);
const own = new Map((process.env.LOCAL_PORTS ?? "").split(",").map((pair) => pair.split("=").map(Number)));
let routes = [];
let version = "";

/** Reads the file again when it has changed; a file that is being replaced is read the next time. */
function currentRoutes() {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    const found = `${ino}/${mtimeMs}/${size}`;
    if (found !== version) {
      routes = JSON.parse(readFileSync(file, "utf8"));
      version = found;
    }
  } catch {
    // Not there yet.
  }
  return routes;
}

/** @returns the loopback port, or undefined where the name is none of ours */
function portFor(host = "localhost", port) {
  if (port === undefined) return undefined;
  const name = String(host).toLowerCase();
  if (LOOPBACK.has(name) && own.has(Number(port))) return own.get(Number(port));
  const fits = (route) =>
    (route.port === undefined || route.port === Number(port)) &&
    (route.host.startsWith("*.") ? name.endsWith(route.host.slice(1)) : name === route.host);
  return currentRoutes().find(fits)?.to;
}

if (file) {
  const connect = Socket.prototype.connect;
  // Every client comes through here: net.connect, tls.connect, http, undici, pg, iovalkey.
  Socket.prototype.connect = function (...args) {
    // Node.js itself passes arguments that it has normalised, as one array: [options, callback].
    const [first] = args;
    const options = Array.isArray(first) ? first[0] : typeof first === "object" ? first : undefined;
    const [host, port] = options ? [options.host, options.port] : [args[1], first];
    const to = portFor(typeof host === "function" ? undefined : (host ?? undefined), port);
    if (to === undefined) return connect.apply(this, args);
    const routed = { ...options, host: "127.0.0.1", port: to };
    if (Array.isArray(first)) first[0] = routed;
    else if (options) args[0] = routed;
    else args.splice(0, typeof host === "string" ? 2 : 1, to, "127.0.0.1");
    return connect.apply(this, args);
  };
}
