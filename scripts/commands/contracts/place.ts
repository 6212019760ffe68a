/** What may stand beside a `$ref` without changing what is allowed. */
const BESIDE_REFERENCE = ["$ref", "title", "description", "summary"];

/** A value in a document, and where it is. References are followed, so a place is never one. */
export class Place {
  private constructor(
    private readonly document: unknown,
    /** JSON pointer as a fragment, e.g. `#/components/schemas/Order`. */
    readonly pointer: string,
    readonly value: unknown,
  ) {}

  /** The whole document. */
  static of(document: unknown): Place {
    return new Place(document, "#", document);
  }

  /**
   * What is under a key, or of a list by its index. Absent when there is nothing.
   *
   * @throws Error naming a reference that leads nowhere or round in a circle, or that has more beside it than can be judged
   */
  get(key: string | number): Place | undefined {
    if (!isObject(this.value) || !Object.hasOwn(this.value, key)) return undefined;
    return new Place(this.document, this.pointerTo(key), this.value[key]).followed();
  }

  /** Pointer to what is under a key, be it a reference, or not there at all. */
  pointerTo(key: string | number): string {
    return `${this.pointer}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }

  /** The fields of an object, or the entries of a list; none of anything else. */
  entries(): [string, Place][] {
    if (!isObject(this.value)) return [];
    return Object.keys(this.value).map((key) => [key, this.get(key) as Place]);
  }

  /** The value with what its references lead to in their place. */
  resolved(outer: readonly string[] = []): unknown {
    if (!isObject(this.value)) return this.value;
    if (outer.includes(this.pointer)) throw new Error(`${this.pointer} holds itself, which cannot be judged`);
    const inner = this.entries().map(([key, place]) => [key, place.resolved([...outer, this.pointer])]);
    return Array.isArray(this.value) ? inner.map(([, value]) => value) : Object.fromEntries(inner);
  }

  private followed(seen: readonly string[] = []): Place {
    if (!isObject(this.value)) return this;
    const { $ref } = this.value;
    if (typeof $ref !== "string") return this;
    const beside = Object.keys(this.value).filter((key) => !BESIDE_REFERENCE.includes(key));
    if (beside.length > 0) {
      throw new Error(`${this.pointer} has ${beside.join(", ")} beside its $ref, which cannot be judged`);
    }
    if (seen.includes($ref)) throw new Error(`${this.pointer}: "${$ref}" leads round in a circle`);
    const target = this.find($ref);
    if (!target) throw new Error(`${this.pointer}: "${$ref}" leads nowhere`);
    return target.followed([...seen, $ref]);
  }

  private find(reference: string): Place | undefined {
    if (!reference.startsWith("#/")) return undefined;
    let value = this.document;
    for (const part of reference.slice(2).split("/")) {
      const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
      value = value[key];
    }
    return new Place(this.document, reference, value);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
