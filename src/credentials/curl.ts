import { execFile } from "node:child_process";
import * as path from "node:path";
import { socketName } from "./windowEntry";

/**
 * Asks our own server with curl, as the helper will: a curl may be missing, too old for sockets, or (a snap) shut
 * off from where the socket is.
 */
export function canCurlReach(socketsDir: string, entryName: string): Promise<boolean> {
  const options = ["-q", "--silent", "--max-time", "10", "--noproxy", "*", "--write-out", "%{http_code}"];
  return new Promise((resolve) => {
    const args = [...options, "--unix-socket", `./${socketName}`, "http://localhost/"];
    execFile("curl", args, { cwd: path.join(socketsDir, entryName), timeout: 12_000 }, (error, status) => {
      resolve(!error && status === "405");
    });
  });
}
