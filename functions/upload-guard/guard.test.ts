import type { S3Event } from "aws-lambda";
import { recordingObservability } from "../internal/recording-observability";
import { guardUploads, type ObjectVersion } from "./guard";

const folder = "eu-west-1:11111111-2222-3333-4444-555555555555";

interface Upload {
  readonly key: string;
  readonly size?: number;
  readonly versionId?: string;
}

function event(...uploads: readonly Upload[]): S3Event {
  const records = uploads.map((object) => ({ s3: { bucket: { name: "files" }, object } }));
  return { Records: records } as unknown as S3Event;
}

/** Guards with a limit of 100 bytes; deleting a version named in `broken` fails. */
async function guard(given: S3Event, broken: readonly string[] = []) {
  const deleted: ObjectVersion[] = [];
  const { observability, lines, counted } = recordingObservability();
  const failure = await guardUploads(given, {
    maxObjectBytes: 100,
    observability,
    deleteVersion: async (version) => {
      if (broken.includes(version.versionId ?? "")) throw new Error(`no ${version.key}`);
      deleted.push(version);
    },
  }).catch((error: unknown) => error);
  return { deleted, lines, counted, failure };
}

test("an object above the limit is deleted in the version that was uploaded", async () => {
  const { deleted, counted, failure } = await guard(
    event({ key: `${folder}/a.jpg`, size: 101, versionId: "v1" }),
  );
  expect(deleted).toEqual([{ bucket: "files", key: `${folder}/a.jpg`, versionId: "v1" }]);
  expect(counted).toEqual(["UploadTooLarge"]);
  expect(failure).toBeUndefined();
});

test.each([
  ["of exactly the limit", { key: `${folder}/a.jpg`, size: 100 }],
  ["of unknown size", { key: `${folder}/a.jpg`, versionId: "v1" }],
  ["that is empty", { key: `${folder}/a.jpg`, size: 0 }],
  ["outside the users' folders", { key: "exports/a.jpg", size: 101 }],
  ["beside the folders, named as one", { key: folder, size: 101 }],
])("an object %s stays", async (_case, upload) => {
  expect((await guard(event(upload))).deleted).toEqual([]);
});

test("a key is decoded as events write it", async () => {
  const key = `${folder.replace(":", "%3A")}/my+file%2B%C3%A9.jpg`;
  const { deleted } = await guard(event({ key, size: 101, versionId: "v1" }));
  expect(deleted[0]?.key).toBe(`${folder}/my file+é.jpg`);
});

test.each([
  ["no version", {}],
  ["an empty one", { versionId: "" }],
])(
  "with %s nothing is deleted, and the invocation fails: what is newest may be another upload",
  async (_case, version) => {
    const { deleted, counted, lines, failure } = await guard(
      event({ key: `${folder}/a.jpg`, size: 101, ...version }),
    );
    expect(deleted).toEqual([]);
    expect(counted).toEqual(["UploadGuardFailure"]);
    expect(lines[0]).toMatchObject({ message: "could not delete", cause: { name: "UnknownVersion" } });
    expect(failure).toEqual(new Error("1 of 1 records failed"));
  },
);

test("control 7: a failure leaves its siblings done, and fails the invocation, so that it is repeated", async () => {
  const large = ["v1", "v2", "v3"].map((versionId) => ({
    key: `${folder}/${versionId}`,
    size: 101,
    versionId,
  }));
  const { deleted, counted, failure } = await guard(event(...large), ["v2"]);
  expect(deleted.map(({ versionId }) => versionId)).toEqual(["v1", "v3"]);
  expect(counted.sort()).toEqual(["UploadGuardFailure", "UploadTooLarge", "UploadTooLarge"]);
  expect(failure).toEqual(new Error("1 of 3 records failed"));
});

test("a key that cannot be decoded is a failure of its record alone", async () => {
  const { deleted, failure } = await guard(
    event({ key: "%E0%A4%A", size: 101 }, { key: `${folder}/b`, size: 101, versionId: "v2" }),
  );
  expect(deleted).toHaveLength(1);
  expect(failure).toEqual(new Error("1 of 2 records failed"));
});

test("control 28: no line holds a key, which its user named", async () => {
  const { lines } = await guard(event({ key: `${folder}/secret.jpg`, size: 101, versionId: "v1" }), ["v1"]);
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toMatch(/secret|11111111/);
});

test("one line is logged for each invocation", async () => {
  const { lines } = await guard(event({ key: `${folder}/a`, size: 1 }));
  expect(lines).toEqual([{ level: "info", message: "uploads", records: 1, deleted: 0, failed: 0 }]);
});
