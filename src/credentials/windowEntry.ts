import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import * as path from "node:path";
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
    remove: () => fs.rm(file, { force: true }),
  };
}

/**
 * Clears what windows left behind that were killed; those of other machines that share this home stay. What can't be
 * cleared is in nobody's way.
 */
export async function removeDeadEntries(socketsDir: string): Promise<void> {
  for (const name of await fs.readdir(socketsDir)) {
    const [, pid, machine, kind] = /^(\d+)-([0-9a-f]{8})-[0-9a-f]+\.(sock|pipe)$/.exec(name) ?? [];
    if (machine !== machineId()) continue;
    const entry = path.join(socketsDir, name);
    const runtimeDir = kind === "sock" ? await fs.readlink(entry).catch(() => "") : undefined;
    // A dead window's process number is soon another's; its folder does not come back.
    const mayListen = runtimeDir === undefined || (await isOwnFolder(runtimeDir));
    if (mayListen && isRunning(Number(pid))) continue;
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

function entryPrefix(): string {
  return `${process.pid}-${machineId()}-${randomBytes(8).toString("hex")}`;
}

function machineId(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}
