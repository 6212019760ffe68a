/**
 * Installs the npm dependencies when they are missing or not those of package-lock.json. Plain JavaScript on Node.js alone, as
 * nothing else is installed yet. Two at once on one checkout are safe: the second waits for the first.
 *
 *   --check   installs nothing; ends with 1 when it would
 */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const wanted = join(root, "package-lock.json");
/** What npm writes last when an installation has succeeded. */
const installed = join(root, "node_modules", ".package-lock.json");
const lock = join(root, ".local", "npm-install.lock");

if (process.argv.includes("--check")) {
  process.exitCode = upToDate() ? 0 : 1;
} else if (!upToDate()) {
  await acquireLock();
  try {
    if (!upToDate()) install();
  } finally {
    rmSync(lock, { force: true });
  }
}

function upToDate() {
  const installedAt = modifiedAt(installed);
  if (installedAt === undefined) return false;
  if (modifiedAt(wanted) <= installedAt) return true;
  // Newer, but by a checkout or an `npm install` only: what counts is the content.
  if (!samePackages()) return false;
  const now = new Date();
  utimesSync(installed, now, now);
  return true;
}

function samePackages() {
  const packages = (path) => JSON.parse(readFileSync(path, "utf8")).packages;
  const [lockFile, folder] = [packages(wanted), packages(installed)];
  return Object.entries(lockFile).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" ||
      folder[path]?.version === version ||
      ((optional || devOptional) && folder[path] === undefined),
  );
}

function install() {
  console.error("npm dependencies are missing or out of date: running npm ci (about a minute) …");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: root,
    // To standard error: standard output belongs to the command.
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    console.error(
      `error: npm ci: ended with code ${status}; see its messages above, then run the command again`,
    );
    rmSync(lock, { force: true });
    process.exit(1);
  }
}

async function acquireLock() {
  mkdirSync(join(lock, ".."), { recursive: true });
  for (let announced = false; ; ) {
    try {
      const file = openSync(lock, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!holderLives()) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!announced) console.error("Another command is installing the npm dependencies: waiting …");
    announced = true;
    await sleep(500);
  }
}

function holderLives() {
  const pid = Number(readLock());
  // Not written yet: its owner is between two calls, unless the file has been empty for long.
  if (!pid) return Date.now() - (modifiedAt(lock) ?? 0) < 5000;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function readLock() {
  try {
    return readFileSync(lock, "utf8");
  } catch {
    return "";
  }
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
