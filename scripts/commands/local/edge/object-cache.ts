import { type CacheKey, type Freshness, type Headers, isInvalidatedBy } from "../../../internal/cdn-model";
import type { ObjectBody } from "./object-body";

/** An answer of the origin that is kept. */
export interface CachedObject {
  readonly key: CacheKey;
  readonly status: number;
  readonly headers: Headers;
  /** Headers besides, for the viewer alone for whom the origin was asked. @default none */
  readonly once?: Headers;
  readonly body: ObjectBody;
  readonly freshness: Freshness;
  /** When it came or was last confirmed, in milliseconds since 1970. */
  readonly storedAt: number;
  /** Until when it is served, although it has expired, because the origin has just failed. */
  readonly spareOriginUntil?: number;
}

/** How an object stands at a time. */
export type Age = "fresh" | "refreshing" | "expired";

/** Objects by their key; the longest unused go when they are too many bytes. */
export class ObjectCache {
  /** In the order of their last use. */
  private readonly objects = new Map<string, CachedObject>();
  private held = 0;

  /** @param maximumBytes of all bodies together */
  constructor(private readonly maximumBytes: number) {}

  get count(): number {
    return this.objects.size;
  }

  get bytes(): number {
    return this.held;
  }

  /** An object, used now. */
  get(text: string): CachedObject | undefined {
    const object = this.objects.get(text);
    if (object === undefined) return undefined;
    this.objects.delete(text);
    this.objects.set(text, object);
    return object;
  }

  /** Keeps an object whose body is complete, in place of what was there. */
  put(text: string, object: CachedObject): void {
    this.remove(text, object.body);
    this.objects.set(text, object);
    this.held += object.body.size;
    for (const [oldest, { body }] of this.objects) {
      if (this.held <= this.maximumBytes) break;
      this.held -= body.size;
      this.objects.delete(oldest);
      body.remove();
    }
  }

  /** Changes what is known of an object that is still the same. One that has gone meanwhile stays gone. */
  update(
    text: string,
    before: CachedObject,
    changes: Partial<Omit<CachedObject, "body" | "key">>,
  ): CachedObject {
    const after = { ...before, ...changes };
    // In its place, without being used.
    if (this.objects.get(text)?.body === before.body) this.objects.set(text, after);
    return after;
  }

  /** Forgets an object. @param keep its body, if it is that one, stays */
  remove(text: string, keep?: ObjectBody): void {
    const object = this.objects.get(text);
    if (object === undefined) return;
    this.objects.delete(text);
    this.held -= object.body.size;
    if (object.body !== keep) object.body.remove();
  }

  /** Forgets all. */
  clear(): void {
    for (const text of [...this.objects.keys()]) this.remove(text);
  }

  /** Forgets what an invalidation of these paths covers. @returns how many objects that were */
  invalidate(paths: readonly string[]): number {
    const covered = [...this.objects].filter(([, { key }]) =>
      paths.some((path) => isInvalidatedBy(path, key)),
    );
    for (const [text] of covered) this.remove(text);
    return covered.length;
  }
}

/** How an object stands: `refreshing` is one that is served while the origin is asked in the background. */
export function ageOf({ storedAt, freshness, spareOriginUntil }: CachedObject, now: number): Age {
  const expiresAt = storedAt + freshness.ttlSeconds * 1000;
  if (now < expiresAt || (spareOriginUntil !== undefined && now < spareOriginUntil)) return "fresh";
  return now < expiresAt + freshness.staleWhileRevalidateSeconds * 1000 ? "refreshing" : "expired";
}

/** Whether an object that has expired is served when the origin fails. */
export function maySpareOrigin({ status, storedAt, freshness }: CachedObject, now: number): boolean {
  if (status >= 400) return false;
  return now < storedAt + (freshness.ttlSeconds + freshness.staleIfErrorSeconds) * 1000;
}
