/** What a secret's name ends with, in words: `db_password` and `DB_PASSWORD` do, `password_policy` and `secret_arn` do not. */
const SECRET_NAMES = [
  ["password"],
  ["passwords"],
  ["pass"],
  ["pwd"],
  ["passwd"],
  ["passphrase"],
  ["secret"],
  ["secrets"],
  ["token"],
  ["tokens"],
  ["credential"],
  ["credentials"],
  ["private", "key"],
  ["api", "key"],
  ["api", "keys"],
  ["access", "key"],
  ["secret", "key"],
  ["signing", "key"],
  ["encryption", "key"],
  ["shared", "key"],
  ["secret", "string"],
  ["secret", "binary"],
  ["connection", "string"],
  // The header by which an origin knows its distribution.
  ["origin", "verify"],
] as const;

/** How a secret is written, when its name says that too: `private_key_pem`, `PASSWORD_BASE64`. */
const FORMS: ReadonlySet<string> = new Set(["value", "text", "plaintext", "hash", "base64", "b64", "pem"]);

/** What secrets look like whatever their name is. */
const SECRET_VALUES = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\bgithub_pat_\w{30,}/,
  /\bxox[abprs]-[\w-]{10,}/,
  /\bsk_live_\w{10,}/,
  /\b(?:Basic|Bearer) [\w+/=.-]{16,}/,
  // user:password@ of a URL
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i,
];

/**
 * Whether what is called so holds a secret.
 *
 * @param name of an attribute, a variable or a header, in any case
 */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  if (words.length > 1 && FORMS.has(words.at(-1) ?? "")) words.pop();
  return SECRET_NAMES.some((ending) =>
    ending.every((word, index) => words[words.length - ending.length + index] === word),
  );
}

/** Whether a text holds what is known as a secret by its form: a private key, a token, a password in a URL. */
export function looksSecret(text: string): boolean {
  return SECRET_VALUES.some((pattern) => pattern.test(text));
}

/**
 * Whether a text is no secret, whatever it is called: an ARN or a reference of Terraform's, which only say where one is, or one of
 * the words that choose between kinds, as `access_token = "hours"` does.
 */
export function isHarmless(text: string): boolean {
  return /^(?:|arn:aws[\w-]*:.*|\$\{[^}]*\}|seconds|minutes|hours|days|true|false|enabled|disabled|on|off|none|required|optional)$/i.test(
    text,
  );
}

/** A value after its name: in quotes, in quotes within a text in quotes, or with nothing but `=` between. */
const NAMED_VALUES = [
  /\b([A-Za-z][\w-]*)(["']?\s*[:=]\s*")((?:[^"\\\n]|\\.)+)/g,
  /\b([A-Za-z][\w-]*)(\\"\s*[:=]\s*\\")((?:(?!\\").)+)/g,
  /\b([A-Za-z][\w-]*)(=)([^\s"'\\,;&)}\]]+)/g,
];

/** Takes out of a text what is known as a secret by its form, or by the name before it, as in `password = "…"`. */
export function withoutSecrets(text: string): string {
  const without = SECRET_VALUES.reduce(
    (left, pattern) => left.replace(new RegExp(pattern, `${pattern.flags}g`), "(sensitive)"),
    // A key's whole block, not its first line.
    text.replace(
      /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
      "(sensitive)",
    ),
  );
  return NAMED_VALUES.reduce(
    (left, pattern) =>
      left.replace(pattern, (whole, name: string, between: string, value: string) =>
        isSecretName(name) && !isHarmless(value) ? `${name}${between}(sensitive)` : whole,
      ),
    without,
  );
}
