/**
 * What holds the Terraform state of an account: a versioned S3 bucket, encrypted with a key of its own, that Terraform never
 * destroys. The lock is a file beside the state (`use_lockfile`), so no table is needed.
 *
 * A backend must not set `encrypt` without `kms_key_id`: Terraform would then ask S3 for its own key, which this bucket
 * refuses. With neither, S3 encrypts with the bucket's key.
 *
 * @module
 */
export { StateBackend, type StateBackendConfig } from "./state-backend";
