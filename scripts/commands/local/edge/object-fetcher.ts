import { join } from "node:path";
import {
  type Behaviour,
  type CacheKey,
  compressedHeaders,
  compressionOf,
  type Distribution,
  type Freshness,
  forwardsCookies,
  freshness,
  type Headers,
  partHeaders,
  passedOnHeaders,
  refreshedHeaders,
  revalidationHeaders,
} from "../../../internal/cdn-model";
import { compressed } from "./compressor";
import { errorPage } from "./error-page";
import { ObjectBody } from "./object-body";
import { type CachedObject, maySpareOrigin, type ObjectCache } from "./object-cache";
import { NoAnswerError, type OriginAnswer, type OriginClient } from "./origin-client";

/** What came of asking the origin for an object. */
export type Outcome =
  /** The object, whose body may still be on its way. It serves others, too, when its freshness says so. */
  | { readonly kind: "object"; readonly object: CachedObject }
  /** The object that was kept is still the same. */
  | { readonly kind: "confirmed"; readonly object: CachedObject }
  /** The origin fails; the object that was kept is served in its place. */
  | { readonly kind: "spared"; readonly object: CachedObject }
  /** It is not kept: one viewer alone gets it. */
  | { readonly kind: "direct"; readonly answer: OriginAnswer };

/** An object that is asked for. */
export interface Wanted {
  /** The key's text. */
  readonly text: string;
  readonly key: CacheKey;
  readonly behaviour: Behaviour;
  readonly method: string;
  /** Path and query as the viewer sent them. */
  readonly target: string;
  /** The viewer's headers. */
  readonly headers: Headers;
}

/** An object on its way. */
export interface Flight {
  readonly outcome: Promise<Outcome>;
  /** Requests that wait for the outcome and have not begun to read. */
  waiting: number;
}

/** Bounds of what is kept, and where. */
export interface ObjectFetcherConfig {
  readonly distribution: Distribution;
  readonly origin: OriginClient;
  readonly cache: ObjectCache;
  /** Folder of large bodies. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

interface StartedFlight extends Flight {
  /** An invalidation has covered it: it is not kept. */
  invalidated: boolean;
  readonly text: string;
  readonly key: CacheKey;
}

/** Conditions and ranges are the viewer's alone: the whole object is asked for, once for all. */
const NOT_ASKED: ReadonlySet<string> = new Set([
  "range",
  "if-match",
  "if-none-match",
  "if-modified-since",
  "if-range",
  "if-unmodified-since",
]);

/** Fetches objects into the cache. */
export class ObjectFetcher {
  /** Those that others may join, by the key's text. */
  private readonly flights = new Map<string, StartedFlight>();
  private readonly all = new Set<StartedFlight>();
  private bodies = 0;
  private received = 0;

  constructor(private readonly config: ObjectFetcherConfig) {}

  /** Bytes that came from the origin for the cache. */
  get bytes(): number {
    return this.received;
  }

  /** The flight of an object that is on its way now. */
  flight(text: string): Flight | undefined {
    return this.flights.get(text);
  }

  /**
   * Asks the origin.
   *
   * @param known what is kept, and has expired: the origin is asked whether it is still the same
   */
  fetch(wanted: Wanted, known: CachedObject | undefined): Flight {
    let settle: (outcome: Outcome | Promise<Outcome>) => void = () => {};
    const flight: StartedFlight = {
      outcome: new Promise((done) => {
        settle = done;
      }),
      waiting: 0,
      invalidated: false,
      text: wanted.text,
      key: wanted.key,
    };
    this.all.add(flight);
    // A second fetch beside one that serves nobody else does not take its place.
    if (!this.flights.has(wanted.text)) this.flights.set(wanted.text, flight);
    // What is asked about stays readable until those who wait have taken it, even when it is evicted meanwhile.
    known?.body.acquire();
    settle(
      this.run(flight, wanted, known).finally(() => {
        setImmediate(() => known?.body.release(false));
      }),
    );
    return flight;
  }

  /** Lets no object that is on its way be kept, nor serve later requests, when its path is covered. */
  invalidate(isCovered: (key: CacheKey) => boolean): void {
    for (const flight of this.all) {
      if (!isCovered(flight.key)) continue;
      flight.invalidated = true;
      this.ground(flight);
    }
  }

  private async run(
    flight: StartedFlight,
    wanted: Wanted,
    known: CachedObject | undefined,
  ): Promise<Outcome> {
    const { origin, cache, clock } = this.config;
    const isConditional = known?.freshness.conditional && !forwardsCookies(wanted.behaviour);
    const conditions = isConditional ? revalidationHeaders(known.headers) : {};
    let isOnItsWay = false;
    try {
      const answer = await origin.ask({
        method: wanted.method,
        target: wanted.target,
        headers: { ...askedHeaders(wanted), ...conditions },
      });
      const isConfirmed = answer.status === 304 && Object.keys(conditions).length > 0;
      if (known !== undefined && isConfirmed) {
        answer.stream.resume();
        return { kind: "confirmed", object: this.confirm(wanted, known, answer) };
      }
      if (known !== undefined && answer.status >= 500 && maySpareOrigin(known, clock())) {
        answer.stream.resume();
        return { kind: "spared", object: this.spare(wanted, known, answer.status) };
      }
      const kept = this.freshnessOf(wanted, answer.status, answer.headers);
      if (!kept.stored) {
        cache.remove(wanted.text);
        return { kind: "direct", answer };
      }
      isOnItsWay = true;
      return { kind: "object", object: this.receive(flight, wanted, answer, kept) };
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      if (known !== undefined && maySpareOrigin(known, clock())) {
        return { kind: "spared", object: this.spare(wanted, known, error.status) };
      }
      return { kind: "object", object: this.keepError(flight, wanted, error.status) };
    } finally {
      if (!isOnItsWay) this.land(flight);
    }
  }

  private freshnessOf({ behaviour }: Wanted, status: number, headers: Headers): Freshness {
    const { distribution, clock } = this.config;
    return freshness(distribution, behaviour.cachePolicy, { status, headers }, clock());
  }

  private confirm(wanted: Wanted, known: CachedObject, answer: OriginAnswer): CachedObject {
    const { kept } = partHeaders(passedOnHeaders(wanted.behaviour, answer.headers));
    const headers = refreshedHeaders(known.headers, kept);
    return this.config.cache.update(wanted.text, known, {
      headers,
      freshness: this.freshnessOf(wanted, known.status, headers),
      storedAt: this.config.clock(),
    });
  }

  /** The origin is left alone for as long as the error would have been kept. */
  private spare(wanted: Wanted, known: CachedObject, status: number): CachedObject {
    const { ttlSeconds } = this.freshnessOf(wanted, status, {});
    const spareOriginUntil = this.config.clock() + ttlSeconds * 1000;
    return this.config.cache.update(wanted.text, known, { spareOriginUntil });
  }

  /** An error that CloudFront makes itself is kept like one of the origin. */
  private keepError(flight: StartedFlight, wanted: Wanted, status: 502 | 504): CachedObject {
    const { headers, body: page } = errorPage(status, "The origin could not be reached.");
    const body = this.newBody();
    void body.append(page);
    body.finish();
    const object: CachedObject = {
      key: wanted.key,
      status,
      headers,
      body,
      freshness: this.freshnessOf(wanted, status, {}),
      storedAt: this.config.clock(),
    };
    if (object.freshness.stored && !flight.invalidated) this.config.cache.put(wanted.text, object);
    return object;
  }

  private receive(
    flight: StartedFlight,
    wanted: Wanted,
    answer: OriginAnswer,
    kept: Freshness,
  ): CachedObject {
    const { behaviour, key } = wanted;
    const { kept: headers, once } = partHeaders(passedOnHeaders(behaviour, answer.headers));
    const encoding = compressionOf(behaviour, answer, key.acceptEncoding);
    const object: CachedObject = {
      key,
      status: answer.status,
      headers: encoding === undefined ? headers : compressedHeaders(headers, encoding),
      once,
      body: this.newBody(),
      freshness: kept,
      storedAt: this.config.clock(),
    };
    void this.load(flight, wanted.text, object, answer, encoding);
    return object;
  }

  /** Takes in the body, and keeps the object when it is whole. */
  private async load(
    flight: StartedFlight,
    text: string,
    object: CachedObject,
    { stream }: OriginAnswer,
    encoding: "br" | "gzip" | undefined,
  ): Promise<void> {
    const { body } = object;
    // Documented: what a viewer gives up before it has been delivered is not kept.
    body.whenAbandoned(() => {
      if (flight.waiting === 0) stream.destroy();
    });
    try {
      const bytes = this.counted(stream);
      for await (const chunk of encoding === undefined ? bytes : compressed(bytes, encoding)) {
        await body.append(chunk);
      }
      body.finish();
      if (flight.invalidated) body.remove();
      else this.config.cache.put(text, object);
    } catch {
      // Cut off, by the origin or on purpose: viewers see that their answer is not whole, and nothing is kept.
      body.break();
      body.remove();
    } finally {
      this.land(flight);
    }
  }

  private async *counted(stream: OriginAnswer["stream"]): AsyncGenerator<Buffer, void> {
    for await (const chunk of stream) {
      this.received += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  }

  private land(flight: StartedFlight): void {
    this.all.delete(flight);
    this.ground(flight);
  }

  /** Nobody may join it any more. */
  private ground(flight: StartedFlight): void {
    if (this.flights.get(flight.text) === flight) this.flights.delete(flight.text);
  }

  private newBody(): ObjectBody {
    this.bodies += 1;
    return new ObjectBody(join(this.config.folder, String(this.bodies)));
  }
}

function askedHeaders({ headers, key }: Wanted): Headers {
  const asked = Object.entries(headers).filter(([name]) => !NOT_ASKED.has(name));
  return { ...Object.fromEntries(asked), "accept-encoding": key.acceptEncoding ?? "identity" };
}
