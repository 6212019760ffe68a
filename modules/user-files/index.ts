/**
 * Files of the app's users: one bucket, a folder per identity of the identity pool, read and written straight by the app
 * with its user's temporary credentials.
 *
 * What is proven: `isolation.test.ts` evaluates the synthesised policy over generated identities and keys.
 *
 * **Size limit.** S3 cannot refuse an upload for its size when the request is signed with temporary credentials: a limit on the
 * length exists for POST policies alone, and IAM has no condition key for it. So the function `upload-guard` is told of every
 * new object and deletes the version that is larger than `maxObjectMegabytes`, seconds after it was written; what the key held
 * before is then current again. Until then the larger version can be read by its owner, and its bytes are paid for.
 *
 * **Names.** A user's folder is named by the identity id, `<region>:<uuid>`. It changes when the identity pool is replaced: the
 * pool is protected as the bucket is.
 *
 * @module
 */
export { UserFiles, type UserFilesConfig } from "./user-files";
