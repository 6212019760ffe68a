/**
 * Stands in for `@smithy/core/event-streams` in function bundles: modules/internal/function-bundle puts it there.
 *
 * Event streams serve calls like `SubscribeToShard` and `SelectObjectContent`, which no function makes. The SDK loads them
 * lazily, which in one file costs more than they do: esbuild then wraps every module that they share with the rest.
 *
 * @throws Error when a call with an event stream is made
 */
export class EventStreamSerde {
  constructor() {
    throw new Error("event streams are not bundled: see functions/internal/no-event-streams.ts");
  }
}

/** As the SDK's; clients ask for it when they are made. */
export function eventStreamSerdeProvider(): object {
  return {};
}

/** As the SDK's, which adds to a client's configuration what event streams need. */
export function resolveEventStreamSerdeConfig<T>(config: T): T {
  return config;
}
