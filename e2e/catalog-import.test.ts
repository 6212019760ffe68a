import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { administratorConfig, endpoints } from "./internal/environment";
import { type Customer, newSeller, type Product } from "./internal/shop";

/** Within which a small file is imported. */
const IMPORTED_SECONDS = 60;
const HEADER = "id,name,priceCents,currency,available\n";

let s3: S3Client;
let bucket: string | undefined;
let seller: Customer;

beforeAll(async () => {
  s3 = new S3Client({ ...administratorConfig(), forcePathStyle: true });
  ({ catalogImportBucket: bucket } = endpoints());
  seller = await newSeller();
});

afterAll(() => s3.destroy());

/** Puts a file and waits for its results. @returns the summary, and the errors if there are any */
async function imported(text: string) {
  const name = `test-${randomUUID()}.csv`;
  const { VersionId } = await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: `incoming/${name}`, Body: text }),
  );
  const folder = `results/${name}/${VersionId}/`;
  const end = Date.now() + IMPORTED_SECONDS * 1000;
  for (;;) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: folder }));
    const keys = Contents.map(({ Key = "" }) => Key);
    if (keys.includes(`${folder}summary.json`)) {
      const read = async (file: string) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: folder + file }));
        return (await Body?.transformToString()) ?? "";
      };
      const errors = keys.includes(`${folder}errors.csv`) ? await read("errors.csv") : "";
      return { summary: JSON.parse(await read("summary.json")), errors };
    }
    if (Date.now() > end)
      throw new Error(`no results below ${folder}, there are ${keys.join(", ") || "none"}`);
    await sleep(500);
  }
}

test("a file that is put becomes products, and each row that does not is named", async () => {
  const [good, bad] = [`test-${randomUUID()}`, `test-${randomUUID()}`];
  const { summary, errors } = await imported(
    `${HEADER}${good},Blue teapot,3900,EUR,12\n${bad},Cup,6.50,EUR,1\n`,
  );
  expect(summary).toMatchObject({ outcome: "imported", rows: 2, added: 1, failed: 1 });
  expect(errors).toContain(`3,${bad},priceCents,"must be of type integer, got ""6.50"""`);
  const { status, body } = await seller.catalog<Product>("GET", `/v1/products/${good}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    name: "Blue teapot",
    priceCents: 3900,
    available: 12,
    listed: true,
    version: 1,
  });
});

test("control 9: a file that is put twice changes its products once", async () => {
  const id = `test-${randomUUID()}`;
  const file = `${HEADER}${id},Blue teapot,3900,EUR,12\n`;
  expect((await imported(file)).summary).toMatchObject({ added: 1 });
  expect((await imported(file)).summary).toMatchObject({ added: 0, unchanged: 1 });
  const { body } = await seller.catalog<Product>("GET", `/v1/products/${id}`);
  expect(body.version).toBe(1);
});
