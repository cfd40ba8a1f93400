import { decodeText, readGitOutput } from "./gitOutput";
import type { OpenGit } from "./openGit";

/** A remote as Git uses it. The URLs may hold a user name and a secret: they are never shown as they are. */
export interface RemoteReading {
  readonly name: string;
  readonly fetchUrl: string;
  /** Every push goes to all of them. */
  readonly pushUrls: readonly string[];
}

/** Git's own list, which knows every level of its configuration and every `insteadOf` rule. */
export async function readRemotes(openGit: OpenGit, root: string): Promise<readonly RemoteReading[]> {
  const output = decodeText(await readGitOutput(openGit, root, ["remote", "-v"]));
  const remotes = new Map<string, { fetchUrl: string; pushUrls: string[] }>();
  for (const line of output.split("\n")) {
    const { name, url, use } = parseLine(line) ?? {};
    if (name === undefined || url === undefined) continue;
    const remote = remotes.get(name) ?? { fetchUrl: "", pushUrls: [] };
    remotes.set(name, remote);
    if (use === "fetch") remote.fetchUrl = url;
    else remote.pushUrls.push(url);
  }
  return [...remotes].map(([name, urls]) => ({ name, ...urls }));
}

/** `origin TAB https://… (push)`; a partial clone's filter may stand behind it. */
function parseLine(line: string) {
  const tab = line.indexOf("\t");
  const use = / \((fetch|push)\)(?: \[[^\]]*\])?\r?$/.exec(line.slice(-200));
  if (tab <= 0 || !use) return undefined;
  return { name: line.slice(0, tab), url: line.slice(tab + 1, -use[0].length), use: use[1] };
}
