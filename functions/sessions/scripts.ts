/**
 * What the store runs in Valkey. A script is one step that no other comes between, and names its keys, which share a hash tag: so it
 * runs on a cluster, too.
 *
 * KEYS[1] is the hash of a user's sessions: `principal`, and by session id a JSON object with
 *   hash               of the secret of the token that is good now
 *   previous, nonce, rotatedAt   of the token before it, once there was a refresh
 *   createdAt, expiresAt, absoluteExpiresAt
 * KEYS[2], where there is one, is when the user's allowance of requests will be whole again.
 *
 * Times are milliseconds; `now` is the caller's, so that one clock rules and a test can move it. Valkey's own expiry only removes
 * what nobody asks for any more.
 *
 * @module
 */

const SESSIONS = `
local now = tonumber(ARGV[1])

-- The session, unless it has ended.
local function load(id)
  local text = redis.call('HGET', KEYS[1], id)
  if not text then return nil end
  local session = cjson.decode(text)
  if session.expiresAt <= now then return nil end
  return session
end

-- Keeps the session and counts a use of it.
local function use(id, session, idle)
  session.expiresAt = math.min(now + idle, session.absoluteExpiresAt)
  redis.call('HSET', KEYS[1], id, cjson.encode(session))
  local left = session.expiresAt - now
  if redis.call('PTTL', KEYS[1]) < left then redis.call('PEXPIRE', KEYS[1], left) end
end

local function remove(id)
  redis.call('HDEL', KEYS[1], id)
  -- Only 'principal' is left.
  if redis.call('HLEN', KEYS[1]) <= 1 then redis.call('DEL', KEYS[1]) end
end

-- The token's secret is the one that is good now, or was until a moment ago.
local function proves(session, hash, grace)
  if session.hash == hash then return true end
  return session.previous == hash and now < session.rotatedAt + grace
end

local function times(session)
  return session.createdAt, session.expiresAt, session.absoluteExpiresAt
end
`;

/**
 * The generic cell rate algorithm: a bucket of tokens as one number, the time at which it will be full.
 * https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
const ALLOWANCE = `
-- Milliseconds to wait, if the user has asked too often; else the request is counted.
local function limited(interval, burst)
  local full = math.max(now, tonumber(redis.call('GET', KEYS[2]) or now)) + interval
  local wait = full - now - interval * burst
  if wait > 0 then return wait end
  redis.call('SET', KEYS[2], full, 'PX', full - now)
  return nil
end
`;

/** A script and the number of its keys. */
export interface Script {
  readonly source: string;
  readonly keys: 1 | 2;
}

/** Arguments: now, interval, burst, session id, hash, principal, idle, maximum, sessions per user. */
export const CREATE: Script = {
  keys: 2,
  source: `${SESSIONS}${ALLOWANCE}
local wait = limited(tonumber(ARGV[2]), tonumber(ARGV[3]))
if wait then return {'limited', wait} end
local id = ARGV[4]
local others = {}
local fields = redis.call('HGETALL', KEYS[1])
for index = 1, #fields, 2 do
  local name = fields[index]
  if name ~= 'principal' and name ~= id then
    local session = cjson.decode(fields[index + 1])
    if session.expiresAt <= now then
      redis.call('HDEL', KEYS[1], name)
    else
      table.insert(others, { name = name, createdAt = session.createdAt })
    end
  end
end
table.sort(others, function(a, b)
  if a.createdAt ~= b.createdAt then return a.createdAt < b.createdAt end
  return a.name < b.name
end)
for index = 1, #others - tonumber(ARGV[9]) + 1 do redis.call('HDEL', KEYS[1], others[index].name) end
redis.call('HSET', KEYS[1], 'principal', ARGV[6])
local session = { hash = ARGV[5], createdAt = now, absoluteExpiresAt = now + tonumber(ARGV[8]) }
use(id, session, tonumber(ARGV[7]))
return {'found', times(session)}`,
};

/** Arguments: now, interval, burst, session id, hash, grace. */
export const READ: Script = {
  keys: 2,
  source: `${SESSIONS}${ALLOWANCE}
local wait = limited(tonumber(ARGV[2]), tonumber(ARGV[3]))
if wait then return {'limited', wait} end
local session = load(ARGV[4])
if not session or not proves(session, ARGV[5], tonumber(ARGV[6])) then return {'missing'} end
return {'found', times(session)}`,
};

/** Arguments: now, session id, hash, grace, idle. */
export const CHECK: Script = {
  keys: 1,
  source: `${SESSIONS}
local session = load(ARGV[2])
if not session or not proves(session, ARGV[3], tonumber(ARGV[4])) then return {'missing'} end
use(ARGV[2], session, tonumber(ARGV[5]))
return {'found', redis.call('HGET', KEYS[1], 'principal'), times(session)}`,
};

/** Arguments: now, interval, burst, session id, hash, grace, idle, next nonce, next hash. */
export const REFRESH: Script = {
  keys: 2,
  source: `${SESSIONS}${ALLOWANCE}
local wait = limited(tonumber(ARGV[2]), tonumber(ARGV[3]))
if wait then return {'limited', wait} end
local id, hash = ARGV[4], ARGV[5]
local session = load(id)
if not session then return {'missing'} end
-- Or this very refresh has been done, and its answer was lost.
if session.hash ~= ARGV[9] and not proves(session, hash, tonumber(ARGV[6])) then
  remove(id)
  return {'reused'}
end
if session.hash == hash then
  session.previous, session.nonce, session.rotatedAt = hash, ARGV[8], now
  session.hash = ARGV[9]
end
use(id, session, tonumber(ARGV[7]))
return {'found', session.nonce, times(session)}`,
};

/** Arguments: now, session id. */
export const REVOKE: Script = {
  keys: 1,
  source: `${SESSIONS}
local session = load(ARGV[2])
remove(ARGV[2])
return {session and 'found' or 'missing'}`,
};

/** No arguments. */
export const REVOKE_ALL: Script = { keys: 1, source: "redis.call('DEL', KEYS[1])\nreturn {'found'}" };
