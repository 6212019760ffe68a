import { createHash } from "node:crypto";
import { CloudfrontKeyGroup } from "@cdktf/provider-aws/lib/cloudfront-key-group";
import { CloudfrontPublicKey } from "@cdktf/provider-aws/lib/cloudfront-public-key";
import type { Construct } from "constructs";
import type { CdnDownloadsConfig } from "./config";

/** Keys that open signed paths. */
export interface Keys {
  readonly groupId: string;
  /** CloudFront's id of each key, by its name: what a signer sends as `Key-Pair-Id`. */
  readonly ids: Readonly<Record<string, string>>;
}

/** Adds the public keys and the group of all of them: a signature of any one is taken. @returns nothing without keys */
export function addKeys(scope: Construct, { label, signingKeys = [] }: CdnDownloadsConfig): Keys | undefined {
  if (signingKeys.length === 0) return undefined;
  const ids = Object.fromEntries(
    signingKeys.map(({ name, publicKeyPem }) => {
      // CloudFront adds a line break at the end; without it each plan would replace the key.
      const encodedKey = `${publicKeyPem.trim()}\n`;
      const key = new CloudfrontPublicKey(scope, `public-key-${name}`, {
        // A key that is given anew under its name is made beside the old one: both exist while the group moves on.
        name: label.name(`downloads-${name}-${fingerprint(encodedKey)}`, 128),
        comment: `Signed downloads, key ${name}.`,
        encodedKey,
        lifecycle: { createBeforeDestroy: true },
      });
      return [name, key.id];
    }),
  );
  const group = new CloudfrontKeyGroup(scope, "key-group", {
    name: label.name("downloads", 128),
    comment: "Whose signatures open paid downloads.",
    items: Object.values(ids),
    lifecycle: { createBeforeDestroy: true },
  });
  return { groupId: group.id, ids };
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
