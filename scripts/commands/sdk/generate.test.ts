import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { mavenJar } from "../../internal/maven";
import { GENERATOR } from "./artifacts";
import { filesBelow, generateClients, runJava } from "./generate";
import { LANGUAGES } from "./languages";

const ROOT = resolve(__dirname, "../../..");

const java = spawnSync("java", ["-version"]).status === 0;
/** Whoever has no Java has not changed the clients; where they are judged, there must be one. */
const withJava = java || process.env["CI"] ? test : test.skip;

withJava(
  "the clients are what the contracts give: else run scripts/sdk",
  async () => {
    const jar = await mavenJar(GENERATOR, { cache: join(ROOT, ".local/maven") });
    const files = generateClients(ROOT, jar);
    const there = LANGUAGES.flatMap(({ folder }) =>
      filesBelow(join(ROOT, folder)).map((path) => `${folder}/${path}`),
    );
    expect(there.sort()).toEqual(Object.keys(files).sort());
    const stale = Object.entries(files).filter(
      ([path, text]) => readFileSync(join(ROOT, path), "utf8") !== text,
    );
    expect(stale.map(([path]) => path)).toEqual([]);
  },
  180_000,
);

test("each language has a client of each API", () => {
  for (const [language, file] of [
    ["js", (name: string) => `${name.replace(/V/, "-v")}/index.ts`],
    ["kotlin", (name: string) => `platform/client/${name.toLowerCase()}/${capital(name)}Api.kt`],
    ["swift", (name: string) => `APIs/${capital(name)}API.swift`],
  ] as const) {
    const folder = LANGUAGES.find(({ name }) => name === language)?.folder ?? "none";
    const missing = ["todosV1", "todosV2", "catalog", "orders", "storefront", "sessions"]
      .map((name) => join(folder, file(name)))
      .filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  }
});

test("without Java it is said what is missing", () => {
  const home = process.env["JAVA_HOME"];
  process.env["JAVA_HOME"] = "/nowhere";
  try {
    expect(() => runJava(["-version"])).toThrow(
      "/nowhere/bin/java: was not found; install a Java of version 17 or newer, or set JAVA_HOME",
    );
  } finally {
    if (home === undefined) delete process.env["JAVA_HOME"];
    else process.env["JAVA_HOME"] = home;
  }
});

function capital(name: string): string {
  return name.replace(/^./, (letter) => letter.toUpperCase());
}
