/** A stack as cdktf synthesises it: resources by type and name. The reader says what it expects of each. */
export interface TerraformStack {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Resources of one stack, looked up as Terraform's references name them. */
export class Resources {
  constructor(private readonly stack: TerraformStack) {}

  /** Names of the resources of one type. */
  names(type: string): string[] {
    return Object.keys(this.stack.resource?.[type] ?? {});
  }

  /** One resource. The caller says what it is. */
  get<T>(type: string, name: string): T | undefined {
    return this.stack.resource?.[type]?.[name] as T | undefined;
  }

  /**
   * What a value refers to.
   *
   * @param type e.g. `aws_cloudfront_cache_policy`
   * @param value e.g. `${aws_cloudfront_cache_policy.latest.id}`, or an id
   * @returns undefined when it is no reference to that type
   */
  referred<T>(type: string, value: string): T | undefined {
    const [, name] = new RegExp(`^\\$\\{${type}\\.([\\w-]+)\\.\\w+\\}$`).exec(value) ?? [];
    return name === undefined ? undefined : this.get<T>(type, name);
  }
}

/** A block that may be there once, several times, or not at all: cdktf writes one as it is and several as a list. */
export function blocks<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** A text without Terraform's escapes of `${` and `%{`. */
export function unescaped(text: string): string {
  return text.replaceAll("$${", () => "${").replaceAll("%%{", () => "%{");
}
