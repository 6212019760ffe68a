import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mavenJar, repositoryUrl } from "./maven";

const CENTRAL = "https://repo.maven.apache.org/maven2";
const COORDINATES = "com.example.shop:till:1.2";
const PATH = "com/example/shop/till/1.2/till-1.2.jar";
const CONTENT = "a jar";
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "maven-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): string {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  return join(folder, path);
}

function mirror(of: string, url: string): void {
  write(
    "settings.xml",
    `<settings><mirrors><mirror><id>a</id><mirrorOf>${of}</mirrorOf><url>${url}</url></mirror></mirrors></settings>`,
  );
}

describe("the repository is", () => {
  test("Maven Central without settings", () => expect(repositoryUrl(folder)).toBe(CENTRAL));

  test.each([
    ["central", "http://mirror.example.com/m2"],
    ["*", "http://mirror.example.com/m2"],
    ["external:*, !other", "http://mirror.example.com/m2"],
    ["*,!central", CENTRAL],
    ["other", CENTRAL],
  ])("with a mirror of %s, %s", (of, expected) => {
    mirror(of, "http://mirror.example.com/m2/");
    expect(repositoryUrl(folder)).toBe(expected);
  });

  test("not what stands in a comment", () => {
    write(
      "settings.xml",
      "<settings><!-- <mirror><mirrorOf>*</mirrorOf><url>http://no</url></mirror> --></settings>",
    );
    expect(repositoryUrl(folder)).toBe(CENTRAL);
  });
});

describe("a jar", () => {
  let server: Server;
  let url: string;
  const asked: (string | undefined)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url);
      response.statusCode = request.url === `/m2/${PATH}` ? 200 : 404;
      response.end(CONTENT);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m2`;
  });
  beforeEach(() => {
    asked.length = 0;
    mirror("central", url);
  });
  afterAll(() => server.close());

  const config = () => ({ cache: join(folder, "cache"), home: folder });

  test("is fetched once, and then is in the cache", async () => {
    const jar = { coordinates: COORDINATES, sha256: SHA256 };
    const path = await mavenJar(jar, config());
    expect(await mavenJar(jar, config())).toBe(path);
    expect(readFileSync(path, "utf8")).toBe(CONTENT);
    expect(asked).toEqual([`/m2/${PATH}`]);
  });

  test("is taken from Maven's own repository when it is there", async () => {
    const path = write(`repository/${PATH}`, CONTENT);
    expect(await mavenJar({ coordinates: COORDINATES, sha256: SHA256 }, config())).toBe(path);
    expect(asked).toEqual([]);
  });

  test("that is not the pinned one is refused, and not kept", async () => {
    await expect(
      mavenJar({ coordinates: COORDINATES, sha256: "0".repeat(64) }, config()),
    ).rejects.toMatchObject({
      place: `${url}/${PATH}`,
      what: `its SHA-256 is ${SHA256}, and ${"0".repeat(64)} is pinned`,
    });
    expect(existsSync(join(folder, "cache"))).toBe(false);
  });

  test("that is not there is named with its address", async () => {
    await expect(
      mavenJar({ coordinates: "com.example:no:1", sha256: SHA256 }, config()),
    ).rejects.toMatchObject({ place: `${url}/com/example/no/1/no-1.jar`, what: "answered 404" });
  });

  test("of a repository that does not answer is named with its address", async () => {
    mirror("central", "http://127.0.0.1:9");
    await expect(mavenJar({ coordinates: COORDINATES, sha256: SHA256 }, config())).rejects.toMatchObject({
      place: `http://127.0.0.1:9/${PATH}`,
      what: expect.stringMatching(/^could not be fetched: /),
    });
  });
});
