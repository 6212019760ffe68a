import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CLIENT_APIS } from "./contracts";

const ROOT = resolve(__dirname, "../../..");

/** What is written by hand in each language, and how it says the same. */
const FACADES = [
  {
    language: "JavaScript",
    folder: "clients/js/src",
    place: /(\w+): \{ host: "(\w+)", path: "([^"]*)" \}/g,
    files: ["client.ts", "retry.ts", "tokens.ts", "errors.ts", "deprecation.ts"],
    api: (name: string) => `new ${capital(name)}Api(`,
    attempts: /attempts: (\d+),/,
    delays: [/firstDelayMilliseconds: (\d+),/, /mostDelayMilliseconds: (\d+),/],
    unit: 1,
  },
  {
    language: "Kotlin",
    folder: "clients/kotlin/src/main/kotlin/platform/client",
    place: /([A-Z0-9_]+)\("(\w+)", "([^"]*)"\)/g,
    files: ["PlatformClient.kt", "Retry.kt", "IdTokens.kt", "Transport.kt", "Deprecation.kt"],
    // Version 2 has what the generated class cannot do, and is that class.
    api: (name: string) => (name === "todosV2" ? "TodosV2(" : `${capital(name)}Api(`),
    attempts: /attempts: Int = (\d+),/,
    delays: [/firstDelayMilliseconds: Long = (\d+),/, /mostDelayMilliseconds: Long = (\d+),/],
    unit: 1,
  },
  {
    language: "Swift",
    folder: "clients/swift/Sources/PlatformClient",
    place: /case \.(\w+): \("(\w+)", "([^"]*)"\)/g,
    files: [
      ...["PlatformClient.swift", "RetryPolicy.swift", "IDTokens.swift", "PlatformFailure.swift"],
      "Deprecation.swift",
    ],
    api: (name: string) => `${capital(name)}API(`,
    attempts: /attempts: Int = (\d+),/,
    delays: [/firstDelay: TimeInterval = ([\d.]+),/, /mostDelay: TimeInterval = ([\d.]+)\)/],
    unit: 1000,
  },
];

describe.each(FACADES)("the client in $language", ({ folder, place, files, api, attempts, delays, unit }) => {
  const text = files.map((file) => readFileSync(join(ROOT, folder, file), "utf8")).join("\n");

  test("reaches each API, at the same place as in other languages", () => {
    expect([...text.matchAll(place)].map(([, name = "", ...where]) => [camel(name), ...where])).toEqual([
      ["todosV1", "todos", "/v1"],
      ["todosV2", "todos", "/v2"],
      ["catalog", "catalog", ""],
      ["orders", "orders", ""],
      ["storefront", "storefront", ""],
      ["sessions", "sessions", "/v1"],
    ]);
    expect(CLIENT_APIS.filter(({ name }) => !text.includes(api(name)))).toEqual([]);
  });

  test("sends again as often and after as long, and takes the same answers, methods and addresses", () => {
    expect(Number(attempts.exec(text)?.[1])).toBe(4);
    expect(delays.map((delay) => Number(delay.exec(text)?.[1]) * unit)).toEqual([200, 5000]);
    expect(text).toContain("429, 502, 503, 504");
    expect(text).toContain('"GET", "HEAD", "OPTIONS", "PUT", "DELETE"');
    expect(text).toContain("301, 302, 303, 307, 308");
    expect(text).toContain("use https, or set allowInsecure where nobody can listen");
    expect(text).toMatch(/\bmargin\b.*= 60\b|MARGIN_SECONDS = 60\b/);
  });

  test("tells of deprecated versions, by the same of what an answer says", () => {
    expect(text).toMatch(/\bonDeprecated\??: \(.*Deprecation\) (->|=>) /);
    for (const said of ['"Deprecation"', '"Sunset"', '"Link"', '"successor-version"', '"deprecation"']) {
      expect(text).toContain(said);
    }
    expect(
      ["deprecatedAt", "sunsetAt", "successor", "documentation"].filter((field) => !text.includes(field)),
    ).toEqual([]);
  });
});

function capital(name: string): string {
  return name.replace(/^./, (letter) => letter.toUpperCase());
}

/** `todosV1` of `TODOS_V1`; what is so already stays. */
function camel(name: string): string {
  if (name !== name.toUpperCase()) return name;
  return name.toLowerCase().replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}
