import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const HERE = resolve(__dirname, "..");
const MODULES = resolve(HERE, "../../node_modules");

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "platform-client-"));
  const installed = join(folder, "node_modules/platform-client");
  mkdirSync(installed, { recursive: true });
  cpSync(join(HERE, "package.json"), join(installed, "package.json"));
  expect(run([join(HERE, "build.mjs"), join(installed, "dist")])).toEqual({ status: 0, output: "" });
  symlinkSync(join(MODULES, "typescript-native"), join(folder, "node_modules/typescript-native"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  return { status, output: stdout + stderr };
}

test.each([
  ["imported", "a.mjs", 'import { PlatformClient } from "platform-client";'],
  ["required", "a.cjs", 'const { PlatformClient } = require("platform-client");'],
])("it can be %s once it is built, with nothing else installed", (_case, file, line) => {
  const use =
    'new PlatformClient({ baseUrl: "https://a.example.com", idToken: async () => "" }).useSession("a");';
  writeFileSync(join(folder, file), `${line}\n${use}\n`);
  expect(run([file])).toEqual({ status: 0, output: "" });
});

test("it has types, and the strictest compiler takes them", () => {
  writeFileSync(
    join(folder, "a.ts"),
    `import { PlatformClient, ProblemError, todosV2 } from "platform-client";
export async function finish(client: PlatformClient, id: string): Promise<todosV2.Todo> {
  const { version } = await client.todosV2.getTodo({ id });
  try {
    const status = todosV2.TodoStatus.Done;
    return await client.todosV2.changeTodo({ id, ifMatch: \`"\${version}"\`, todoPatch: { status, note: null } });
  } catch (error) {
    if (error instanceof ProblemError) console.log(error.status, error.problem.errors?.[0]?.pointer);
    throw error;
  }
}
// @ts-expect-error: the contract knows no such status
export const wrong: todosV2.TodoPatch = { status: "gone" };
`,
  );
  const compilerOptions = {
    ...{
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
    },
    ...{
      module: "node16",
      target: "es2022",
      lib: ["es2022", "dom", "dom.iterable"],
      types: [],
      noEmit: true,
    },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["a.ts"] }));
  expect(run(["node_modules/typescript-native/bin/tsc", "-p", "."])).toEqual({ status: 0, output: "" });
});
