/** The key of an object, of what S3's events write: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function decodeObjectKey(key: string): string {
  // Form-encoded.
  return decodeURIComponent(key.replaceAll("+", " "));
}
