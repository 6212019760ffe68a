import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeJson } from "../../../internal/json-file";
import { entryOf, findImage, type Image, type ImageStore, parseImage, serviceOf } from "./images";

const REGISTRY = "000000000000.dkr.ecr.us-east-1.amazonaws.com";
let folder: string;
let store: ImageStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
  store = { sources: join(folder, "sources.json"), folder: join(folder, "kept") };
});

afterEach(() => rmSync(folder, { recursive: true }));

function build(source: string, service: string, tag: string, content: string): void {
  const path = join(folder, source, service, tag);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "index.mjs"), content);
}

test.each([
  [`${REGISTRY}/acme-local-catalog:0a1b`, { repository: "acme-local-catalog", tag: "0a1b" }],
  ["public.ecr.aws/xray/aws-xray-daemon:3.x", { repository: "aws-xray-daemon", tag: "3.x" }],
  [`${REGISTRY}/catalog@sha256:00`, undefined],
  [`${REGISTRY}/catalog`, undefined],
])("%s", (image, expected) => {
  expect(parseImage(image)).toEqual(expected);
});

test("the repository's name ends with the service's, the longest that fits", () => {
  expect(serviceOf("acme-local-orders", ["catalog", "orders"])).toBe("orders");
  expect(serviceOf("acme-local-back-orders", ["orders", "back-orders"])).toBe("back-orders");
  expect(serviceOf("aws-xray-daemon", ["orders"])).toBeUndefined();
  expect(serviceOf("reorders", ["orders"])).toBeUndefined();
});

test("an image is kept from its first use, whatever becomes of what was built", () => {
  build("built", "catalog", "0a1b", "first");
  writeJson(store.sources, [join(folder, "gone"), join(folder, "built")]);
  const image = findImage(store, `${REGISTRY}/acme-local-catalog:0a1b`) as Image;
  expect(image).toMatchObject({ service: "catalog", tag: "0a1b" });
  rmSync(join(folder, "built"), { recursive: true });
  expect(findImage(store, `${REGISTRY}/acme-local-catalog:0a1b`)).toEqual(image);
  expect(readFileSync(entryOf(image), "utf8")).toBe("first");
});

test("what was built elsewhere later goes first", () => {
  build("copy", "catalog", "0a1b", "of the copy");
  build("built", "catalog", "0a1b", "of the project");
  writeJson(store.sources, [join(folder, "copy"), join(folder, "built")]);
  const image = findImage(store, `${REGISTRY}/acme-local-catalog:0a1b`) as Image;
  expect(readFileSync(entryOf(image), "utf8")).toBe("of the copy");
});

test("what is not built, and what is none of the project's, are told apart", () => {
  build("built", "catalog", "0a1b", "");
  writeJson(store.sources, [join(folder, "built")]);
  expect(findImage(store, `${REGISTRY}/acme-local-catalog:ffff`)).toBe("missing");
  expect(findImage(store, "public.ecr.aws/xray/aws-xray-daemon:3.x")).toBe("unknown");
  expect(existsSync(store.folder)).toBe(false);
});
