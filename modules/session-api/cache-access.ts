/**
 * What functions/sessions does in its cache, in the notation of Valkey's access lists: run its scripts on its own keys. For a cache that sessions have for themselves.
 *
 * functions/sessions/cache-access.test.ts runs the function with exactly this.
 */
export const SESSION_CACHE_ACCESS =
  "on ~sessions:* -@all +eval +evalsha +hget +hset +hdel +hlen +hgetall +del +get +set +pttl +pexpire";
