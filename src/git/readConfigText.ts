import { parseEntries, type ConfigEntry } from "./gitConfigText";
import type { OpenGit } from "./openGit";

/** What git reads in a config's text, without the files that it includes. git runs in `dir`. */
export async function readConfigText(
  openGit: OpenGit,
  dir: string,
  text: string,
): Promise<readonly ConfigEntry[]> {
  const git = openGit({ dir, input: `${text}\n` }); // a line more, since git would wait for an input that is empty
  return parseEntries(await git.raw(["config", "--file", "-", "--no-includes", "-z", "--list"]));
}
