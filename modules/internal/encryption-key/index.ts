/**
 * A KMS key as every module wants it: symmetric, rotated, named by an alias, administered by the account and used by nobody
 * who is not named in its policy or allowed by IAM.
 *
 * @module
 */
export { EncryptionKey, type EncryptionKeyConfig } from "./encryption-key";
