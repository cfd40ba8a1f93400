import type { Dirent } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";

const deepest = 5;
const mostFolders = 20_000;

/** The repositories in a folder and below it. What packages bring is not looked into, nor what links lead to. */
export async function findRepositoriesBelow(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  const found: string[] = [];
  const waiting = [{ dir: folder, depth: 0 }];
  for (let seen = 0; seen < mostFolders; seen++) {
    const next = waiting.shift();
    if (!next) break;
    signal.throwIfAborted();
    const entries = await fs.readdir(next.dir, { withFileTypes: true }).catch((): Dirent[] => []);
    if (entries.some(({ name }) => name === ".git")) found.push(next.dir);
    if (next.depth === deepest) continue;
    const folders = entries.filter((one) => one.isDirectory() && !/^\.|^node_modules$/.test(one.name));
    waiting.push(...folders.map(({ name }) => ({ dir: path.join(next.dir, name), depth: next.depth + 1 })));
  }
  return found.sort();
}
