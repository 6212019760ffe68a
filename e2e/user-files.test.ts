import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { administratorConfig, endpoints } from "./internal/environment";
import { expectDenied, type FolderUser, list, newFolderUser, put, read } from "./internal/files";
import { logLines } from "./internal/logs";

const MEBIBYTE = 1024 * 1024;
/** Seconds within which the upload guard must have acted. */
const GUARD_SECONDS = 15;

let bucket: string;
let ann: FolderUser;
let bob: FolderUser;
let administrator: S3Client;

beforeAll(async () => {
  bucket = endpoints().bucket;
  administrator = new S3Client({ ...administratorConfig(), forcePathStyle: true });
  [ann, bob] = await Promise.all([newFolderUser(), newFolderUser()]);
});

afterAll(() => {
  for (const client of [administrator, ann.s3, bob.s3]) client.destroy();
});

describe("control 17: in the own folder a user", () => {
  test("stores, reads, lists and deletes files", async () => {
    const key = `${ann.folder}/photos/list.jpg`;
    await put(ann, key, "a picture");
    expect(await read(ann, key)).toBe("a picture");
    expect(await list(ann, `${ann.folder}/photos/`)).toEqual([key]);
    await ann.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    expect(await list(ann, `${ann.folder}/photos/`)).toEqual([]);
  });

  test("stores a file in parts, and can give such an upload up", async () => {
    const file = { Bucket: bucket, Key: `${ann.folder}/parts.bin` };
    const { UploadId } = await ann.s3.send(new CreateMultipartUploadCommand(file));
    const { ETag } = await ann.s3.send(
      new UploadPartCommand({ ...file, UploadId, PartNumber: 1, Body: "a part" }),
    );
    await ann.s3.send(
      new CompleteMultipartUploadCommand({
        ...file,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    expect(await read(ann, file.Key)).toBe("a part");

    const other = { Bucket: bucket, Key: `${ann.folder}/given-up.bin` };
    const begun = await ann.s3.send(new CreateMultipartUploadCommand(other));
    await ann.s3.send(new AbortMultipartUploadCommand({ ...other, UploadId: begun.UploadId }));
    expect(await list(ann, `${ann.folder}/given-up`)).toEqual([]);
  });

  test("stores files encrypted by the bucket's key, and cannot choose another encryption", async () => {
    const file = { Bucket: bucket, Key: `${ann.folder}/encrypted.txt` };
    await put(ann, file.Key);
    const { ServerSideEncryption } = await ann.s3.send(new HeadObjectCommand(file));
    expect(ServerSideEncryption).toBe("aws:kms");
    await expectDenied(
      ann.s3.send(new PutObjectCommand({ ...file, Body: "text", ServerSideEncryption: "AES256" })),
    );
  });
});

describe("control 17: in another's folder a user", () => {
  let key: string;

  beforeAll(async () => {
    key = `${bob.folder}/diary.txt`;
    await put(bob, key, "dear diary");
  });

  test.each<[string, () => Promise<unknown>]>([
    ["stores nothing", () => put(ann, `${bob.folder}/mine-now.txt`)],
    ["overwrites nothing", () => put(ann, key, "overwritten")],
    ["reads nothing", () => read(ann, key)],
    ["learns nothing of a file", () => ann.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))],
    ["deletes nothing", () => ann.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))],
    ["lists nothing", () => list(ann, `${bob.folder}/`)],
    [
      "begins no upload in parts",
      () => ann.s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key })),
    ],
    [
      "copies nothing out of it",
      () =>
        ann.s3.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: `${ann.folder}/copy.txt`,
            CopySource: `${bucket}/${key}`,
          }),
        ),
    ],
  ])("%s", async (_case, attempt) => {
    await expectDenied(attempt());
  });

  test("leaves everything as it was", async () => {
    expect(await list(bob, `${bob.folder}/`)).toEqual([key]);
    expect(await read(bob, key)).toBe("dear diary");
  });
});

describe("control 17: no trick with prefixes leads out of the own folder", () => {
  test.each<[string, () => string]>([
    ["beside all folders", () => "file.txt"],
    ["of another folder that begins alike", () => `${ann.folder}x/file.txt`],
    ["of the folder's name alone", () => ann.folder],
    ["of another's folder with a slash before it", () => `/${bob.folder}/file.txt`],
    ["with the folder's name further behind", () => `x/${ann.folder}/file.txt`],
    ["with a wildcard for the folder", () => "*/file.txt"],
    ["with the policy's variable for the folder", () => "${cognito-identity.amazonaws.com:sub}/file.txt"],
  ])("a key %s is denied", async (_case, key) => {
    await expectDenied(put(ann, key()));
  });

  test("dots in a key name no other folder", async () => {
    await put(bob, `${bob.folder}/dots.txt`, "untouched");
    // By the policy such a key lies in the own folder; for S3 the dots are characters like any other.
    await put(ann, `${ann.folder}/../${bob.folder}/dots.txt`, "climbed").catch(() => undefined);
    expect(await read(bob, `${bob.folder}/dots.txt`)).toBe("untouched");
  });

  test.each<[string, () => string | undefined]>([
    ["everything, without a prefix", () => undefined],
    ["everything, with an empty one", () => ""],
    ["the folders whose names begin with the own one's", () => ann.folder],
    ["the folders of the region", () => `${endpoints().region}:`],
    ["another's folder by dots", () => `${ann.folder}x/../${bob.folder}/`],
    ["all folders by a wildcard", () => "*/"],
  ])("%s cannot be listed", async (_case, prefix) => {
    await expectDenied(list(ann, prefix()));
  });
});

describe("the upload guard", () => {
  /** Waits until the user's file is gone. @returns whether it went in time */
  async function isRemoved(Key: string): Promise<boolean> {
    for (const deadline = Date.now() + GUARD_SECONDS * 1000; Date.now() < deadline; await sleep(100)) {
      if (!(await list(ann, Key)).includes(Key)) return true;
    }
    return false;
  }

  async function putInParts(Key: string, size: number): Promise<void> {
    const file = { Bucket: bucket, Key };
    const { UploadId } = await ann.s3.send(new CreateMultipartUploadCommand(file));
    // Each part but the last must have 5 MiB.
    const sizes = [5 * MEBIBYTE, size - 5 * MEBIBYTE];
    const parts = sizes.map(async (bytes, index) => {
      const part = { PartNumber: index + 1, Body: Buffer.alloc(bytes) };
      const { ETag } = await ann.s3.send(new UploadPartCommand({ ...file, UploadId, ...part }));
      return { PartNumber: index + 1, ETag };
    });
    const MultipartUpload = { Parts: await Promise.all(parts) };
    await ann.s3.send(new CompleteMultipartUploadCommand({ ...file, UploadId, MultipartUpload }));
  }

  test.each<[string, (key: string, size: number) => Promise<unknown>]>([
    ["at once", (key, size) => put(ann, key, Buffer.alloc(size))],
    ["in parts", putInParts],
  ])("removes a file above the limit, stored %s, for good, and keeps a small one", async (_case, store) => {
    const since = Date.now();
    const name = randomUUID();
    const [small, large] = [`${ann.folder}/${name}-small`, `${ann.folder}/${name}-large`];
    // A size that no other test's line names.
    const size = 5 * MEBIBYTE + randomInt(1, MEBIBYTE);
    await put(ann, small);
    await store(large, size);
    expect(await isRemoved(large)).toBe(true);
    expect(await read(ann, small)).toBe("text");
    const { Versions = [], DeleteMarkers = [] } = await administrator.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: large }),
    );
    expect([...Versions, ...DeleteMarkers]).toEqual([]);

    const lines = await logLines("upload-guard", since);
    expect(lines.filter((line) => line.includes(`"bytes":${size}`))).toEqual([
      expect.stringContaining("deleted an object that is too large"),
    ]);
    const text = lines.join("\n");
    for (const personal of [name, ann.folder, ann.folder.split(":")[1], ann.email, ann.sub]) {
      expect(text).not.toContain(personal);
    }
  });
});
