import { createHash, randomBytes } from "node:crypto";
import { readlinkSync } from "node:fs";
import * as fs from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import * as path from "node:path";
import { isFileMissing } from "../fileErrors";
import { isRunning } from "../isRunning";

/** What a window leaves in the sockets folder, so that the helper finds its server. */
export interface WindowEntry {
  readonly name: string;
  /** What the server listens on. */
  readonly address: string;
  /** Named pipes can be opened by others: who asks must know this key too. */
  readonly key: string | undefined;
  /** Once the server listens. */
  publish(): Promise<void>;
  /** Keeps it young for whoever clears old ones. False where it is gone: a cleaner of `/tmp` takes folders too. */
  refresh(): Promise<boolean>;
  remove(): Promise<void>;
}

/** What a socket is called in its folder. */
export const socketName = "git";
const runtimePrefix = "bitbucket-connect-";
/** `sun_path` holds 104 bytes on macOS, 108 on Linux. */
const maxSocketPathBytes = 103;

/**
 * The socket itself is in a private folder with a short path; the sockets folder, whose path may be too long for a
 * socket, holds a link to that folder. The link can outlive the folder, and then anybody may make one of its name: who
 * asks enters it, sees that it is the user's, and takes the socket in it from there.
 */
export async function createSocketEntry(socketsDir: string): Promise<WindowEntry> {
  const runtimeDir = await makeRuntimeDir();
  const address = path.join(runtimeDir, socketName);
  const name = `${entryPrefix()}.sock`;
  return {
    name,
    address,
    key: undefined,
    publish: async () => {
      await fs.chmod(address, 0o600);
      await fs.symlink(runtimeDir, path.join(socketsDir, name));
    },
    refresh: () => touchAll(address, runtimeDir, path.join(socketsDir, name)),
    remove: async () => {
      // The link goes last: where this is cut short, the next start still finds the folder by it.
      await removeRuntimeDir(runtimeDir);
      await fs.rm(path.join(socketsDir, name), { force: true });
    },
  };
}

export function createPipeEntry(socketsDir: string): WindowEntry {
  const name = `${entryPrefix()}.pipe`;
  const address = `\\\\.\\pipe\\${runtimePrefix}${randomBytes(16).toString("hex")}`;
  const key = randomBytes(16).toString("hex");
  const file = path.join(socketsDir, name);
  return {
    name,
    address,
    key,
    publish: () => fs.writeFile(file, `${address}\n${key}\n`, { mode: 0o600, flag: "wx" }),
    refresh: () => touchAll(file),
    remove: () => fs.rm(file, { force: true }),
  };
}

const oneDayMs = 24 * 60 * 60 * 1000;

/**
 * Clears what windows left behind that were killed. Those of other machines that share this home, and of containers
 * whose processes and `/tmp` can't be seen from here, stay for a day after they were last refreshed. What can't be
 * cleared is in nobody's way.
 */
export async function removeDeadEntries(socketsDir: string): Promise<void> {
  for (const name of await fs.readdir(socketsDir)) {
    const [, pid, from, kind] =
      /^(\d+)-([0-9a-f]{8}(?:-[0-9a-f]{8}(?=-))?)-[0-9a-f]+\.(sock|pipe)$/.exec(name) ?? [];
    if (from === undefined) continue;
    const isOfThisMachine = machineId().startsWith(from); // an earlier version's name has no more
    const entry = path.join(socketsDir, name);
    const ageMs = Date.now() - ((await fs.lstat(entry).catch(() => undefined))?.mtimeMs ?? 0);
    if (!isOfThisMachine && ageMs < oneDayMs) continue;
    const runtimeDir = kind === "sock" ? await fs.readlink(entry).catch(() => "") : undefined;
    // A dead window's process number is soon another's; its folder does not come back.
    const mayListen = runtimeDir === undefined || (await isOwnFolder(runtimeDir));
    if (isOfThisMachine && mayListen && isRunning(Number(pid))) continue;
    if (runtimeDir !== undefined) await removeRuntimeDir(runtimeDir).catch(() => undefined);
    await fs.rm(entry, { force: true }).catch(() => undefined);
  }
}

async function removeRuntimeDir(runtimeDir: string): Promise<void> {
  if (!path.basename(runtimeDir).startsWith(runtimePrefix) || !(await isOwnFolder(runtimeDir))) return;
  await fs.rm(runtimeDir, { recursive: true, force: true });
}

/** Not by a link, which another user may have put there. */
async function isOwnFolder(folder: string): Promise<boolean> {
  const found = await fs.lstat(folder).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === process.geteuid?.();
}

async function makeRuntimeDir(): Promise<string> {
  for (const parent of [process.env["XDG_RUNTIME_DIR"], tmpdir()]) {
    if (
      !parent ||
      Buffer.byteLength(path.join(parent, `${runtimePrefix}123456`, socketName)) > maxSocketPathBytes
    )
      continue;
    const made = await fs.mkdtemp(path.join(parent, runtimePrefix)).catch(() => undefined);
    if (made) return made;
  }
  return fs.mkdtemp(`/tmp/${runtimePrefix}`);
}

/** False where one of them is gone. A link is touched itself. */
async function touchAll(...files: readonly string[]): Promise<boolean> {
  const now = new Date();
  return Promise.all(files.map((file) => fs.lutimes(file, now, now))).then(
    () => true,
    (error: unknown) => !isFileMissing(error),
  );
}

function entryPrefix(): string {
  return `${process.pid}-${machineId()}-${randomBytes(8).toString("hex")}`;
}

/** Its name, and the namespaces in which the same processes and folders are seen. */
function machineId(): string {
  const namespaces = ["mnt", "pid"].map(readNamespace).join("");
  return `${shortHash(hostname())}-${shortHash(namespaces)}`;
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** https://man7.org/linux/man-pages/man7/namespaces.7.html */
function readNamespace(kind: string): string {
  try {
    return readlinkSync(`/proc/self/ns/${kind}`);
  } catch {
    return ""; // not Linux, or no /proc
  }
}
