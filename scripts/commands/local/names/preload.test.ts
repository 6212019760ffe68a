import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeJson } from "../../../internal/json-file";
import { PRELOAD } from "./preload-option";

let server: Server;
let port: number;
let folder: string;
let names: string;

beforeAll(async () => {
  server = createServer((request, response) => response.end(`to ${request.headers.host}`));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "names-"));
  names = join(folder, "names.json");
});

afterEach(() => rmSync(folder, { recursive: true }));
afterAll(() => server.close());

/** Runs a script that has loaded the module first. @returns what it printed */
async function run(script: string, onOutput?: () => void, ports = ""): Promise<string> {
  const child = spawn(process.execPath, ["--require", PRELOAD, "--input-type=module", "-e", script], {
    env: { LOCAL_NAMES: names, LOCAL_PORTS: ports },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // It may end before it has read what its output is answered with.
  child.stdin.on("error", () => {});
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      output += text;
      onOutput?.();
      child.stdin.write("\n");
    });
  }
  await once(child, "close");
  return output.trim();
}

const RAW = `const talk = (socket) => {
  socket.write("GET / HTTP/1.1\\r\\nhost: raw\\r\\nconnection: close\\r\\n\\r\\n");
  socket.on("data", (data) => console.log(String(data).split("\\r\\n").at(-1)));
};`;

test.each([
  ["fetch", 'console.log(await (await fetch("http://db.example:5432")).text());', "to db.example:5432"],
  [
    "http",
    'import http from "node:http"; http.get("http://db.example:5432", (r) => r.on("data", (d) => console.log(String(d))));',
    "to db.example:5432",
  ],
  [
    "net.connect(port, host)",
    `import net from "node:net"; ${RAW} talk(net.connect(5432, "db.example"));`,
    "to raw",
  ],
  [
    "net.connect(options)",
    `import net from "node:net"; ${RAW} talk(net.connect({ host: "DB.example", port: 5432 }));`,
    "to raw",
  ],
  [
    "socket.connect(port, host), as pg does",
    `import net from "node:net"; ${RAW} const s = new net.Socket(); s.connect(5432, "db.example", () => talk(s));`,
    "to raw",
  ],
])("%s goes to the port that the name leads to", async (_, script, expected) => {
  writeJson(names, [{ host: "db.example", port: 5432, to: port }]);
  expect(await run(script)).toBe(expected);
});

test("another port of the name, and another name, are what they are elsewhere", async () => {
  writeJson(names, [{ host: "127.0.0.1", port: 1, to: port }]);
  expect(await run(`console.log(await (await fetch("http://127.0.0.1:${port}")).text());`)).toBe(
    `to 127.0.0.1:${port}`,
  );
});

test("a wildcard means every name below it, and the first route that fits goes first", async () => {
  writeJson(names, [
    { host: "*.elb.example", port: 443, to: 1 },
    { host: "*.elb.example", to: port },
  ]);
  const script = `console.log(await (await fetch("http://a.b.elb.example")).text());
    console.log(await fetch("http://a.elb.example:443").catch((error) => error.cause.code));`;
  expect(await run(script)).toBe("to a.b.elb.example\nECONNREFUSED");
});

test("a task's own ports are where they are on this machine", async () => {
  const script = `for (const host of ["127.0.0.1", "localhost"]) console.log(await (await fetch("http://" + host + ":8080")).text());
    import net from "node:net"; ${RAW} const socket = new net.Socket(); socket.connect(8080, () => talk(socket));`;
  const answers = "to 127.0.0.1:8080\nto localhost:8080\nto raw";
  expect(await run(script, undefined, `9000=1,8080=${port}`)).toBe(answers);
});

test("the file may come, and change, while the process runs", async () => {
  const steps = [
    () => writeJson(names, [{ host: "db.example", port: 80, to: 1 }]),
    () => writeJson(names, [{ host: "db.example", port: 80, to: port }]),
  ];
  const script = `const ask = () => fetch("http://db.example").then((r) => r.text(), (error) => error.cause.code);
    const next = () => new Promise((done) => process.stdin.once("data", done));
    for (let index = 0; index < 3; index++) { console.log(await ask()); if (index < 2) await next(); }
    process.exit();`;
  const lines = (await run(script, () => steps.shift()?.())).split("\n");
  expect(lines[0]).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  expect(lines.slice(1)).toEqual(["ECONNREFUSED", "to db.example"]);
});
