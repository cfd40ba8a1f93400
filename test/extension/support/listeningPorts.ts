import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const listening = "0A";

/** The TCP ports that this process listens on, as the kernel has it. */
export function listeningPorts(): readonly number[] {
  const own = ownSockets();
  return [...readTable("tcp"), ...readTable("tcp6")]
    .filter(({ state, inode }) => state === listening && own.has(inode))
    .map(({ port }) => port);
}

/** Inodes of the sockets among the open files. */
function ownSockets(): ReadonlySet<string> {
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ""; // closed while we look
    }
  });
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

/** https://docs.kernel.org/networking/proc_net_tcp.html */
function readTable(name: "tcp" | "tcp6") {
  const [, ...rows] = readFileSync(`/proc/self/net/${name}`, "utf8").trim().split("\n");
  return rows.map((row) => {
    const [, local = "", , state = "", , , , , , inode = ""] = row.trim().split(/\s+/);
    return { port: Number.parseInt(local.split(":")[1] ?? "", 16), state, inode };
  });
}
