/** A user of a cache, as ElastiCache has it. */
export interface CacheUser {
  /** Name that clients give. */
  readonly name: string;
  /** Access string, e.g. `on ~app::* +@read`. */
  readonly access: string;
  /** SHA-256 of the passwords, hexadecimal; none for a user that needs none. */
  readonly passwordHashes: readonly string[];
}

/**
 * The access control list of a cache in the form of Valkey's `aclfile`. Without users everybody may do everything; with some, whoever
 * is none of them may do nothing, as with a user group of ElastiCache.
 *
 * @see https://valkey.io/topics/acl/
 */
export function accessList(users: readonly CacheUser[]): string {
  if (users.length === 0) return "user default on nopass ~* &* +@all\n";
  const lines = users.map(({ name, access, passwordHashes }) => {
    const passwords = passwordHashes.length === 0 ? ["nopass"] : passwordHashes.map((hash) => `#${hash}`);
    // The access string may name passwords too: in ElastiCache it cannot.
    return `user ${name} reset ${passwords.join(" ")} ${access}`;
  });
  const closed = users.some(({ name }) => name === "default") ? [] : ["user default reset off"];
  return `${[...closed, ...lines].join("\n")}\n`;
}

/** Reads the users out of what DescribeUsers answers, the hashes of their passwords with it: emulator/cache_patch.py. */
export function parseUsers(xml: string): (CacheUser & { readonly id: string })[] {
  const members = xml.match(/<member><UserId>[\s\S]*?<\/LocalPasswordSha256><\/member>/g) ?? [];
  return members.map((member) => {
    const text = (name: string) =>
      plainText(new RegExp(`<${name}>([^<]*)</${name}>`).exec(member)?.[1] ?? "");
    const hashes = /<LocalPasswordSha256>([\s\S]*?)<\/LocalPasswordSha256>/.exec(member)?.[1] ?? "";
    return {
      id: text("UserId"),
      name: text("UserName"),
      access: text("AccessString"),
      passwordHashes: [...hashes.matchAll(/<member>([0-9a-f]{64})<\/member>/g)].map(
        ([, hash]) => hash as string,
      ),
    };
  });
}

function plainText(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
