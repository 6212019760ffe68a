import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { localDirectory } from "../local/directory";
import { ensureVirtualEnvironment } from "../local/python";
import { checkTools } from "../local/tools";
import { filesBelow } from "./generate";

const ROOT = resolve(__dirname, "../../..");
const HERE = join(__dirname, "swift");

/** Swift that the parser does not know. */
const KNOWN = [
  "Sources/PlatformClient/Generated/Infrastructure/URLSessionImplementations.swift: let result = () as! T",
  "Sources/PlatformClient/Generated/Infrastructure/URLSessionImplementations.swift: " +
    "let result = expressibleByNilLiteralType.init(nilLiteral: ()) as! T",
];

test("the Swift client is Swift, as far as a parser tells", async () => {
  const directory = localDirectory(ROOT, join(ROOT, ".local"));
  const requirements = join(HERE, "requirements.txt");
  const python = await ensureVirtualEnvironment(directory, checkTools().python, () => {}, requirements);
  const folder = join(ROOT, "clients/swift");
  const { stdout, stderr } = spawnSync(python, [join(HERE, "parse.py"), folder], { encoding: "utf8" });
  const lines = stdout.trimEnd().split("\n");
  const files = filesBelow(folder).filter((path) => path.endsWith(".swift"));
  expect({ end: lines.at(-1), stderr }).toEqual({ end: `${files.length} files`, stderr: "" });
  expect(lines.slice(0, -1).filter((line) => !KNOWN.includes(line))).toEqual([]);
}, 180_000);
