import { homedir } from "node:os";
import type { OpenGit } from "../git/openGit";

/** What git asks helpers by and keeps. https://git-scm.com/docs/git-credential#IOFMT */
export interface GitCredential {
  /** The remote's clean URL. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** The path takes part, so that two repositories of one host keep two tokens. */
const withPath = ["-c", "credential.useHttpPath=true", "credential"];

/** The helpers of the person's own that git would ask about this URL; the last empty value drops those before it. */
export async function hasOwnHelper(openGit: OpenGit, dir: string): Promise<boolean> {
  const output = await openGit({ dir })
    .raw(["config", "-z", "--get-all", "credential.helper"])
    .catch(() => ""); // git exits with 1 where nothing is set
  return output.split("\0").slice(0, -1).at(-1)?.trim() ? true : false;
}

/** Whether git hands what a host accepts to a helper, where no repository's config names ours. */
export async function hasHostHelper(openGit: OpenGit, host: string): Promise<boolean> {
  const output = await openGit({ dir: homedir() })
    .raw(["config", "--get-urlmatch", "credential.helper", host])
    .catch(() => ""); // git exits with 1 where nothing is set
  return output.trim() !== "";
}

/** Hands the credential to the person's own helpers. */
export async function approve(openGit: OpenGit, dir: string, credential: GitCredential): Promise<void> {
  await openGit({ dir, input: describe(credential) }).raw([...withPath, "approve"]);
}

/** Takes it back from them. */
export async function reject(openGit: OpenGit, dir: string, credential: GitCredential): Promise<void> {
  await openGit({ dir, input: describe(credential) }).raw([...withPath, "reject"]);
}

/** True where the helpers give back what they were handed: some keep nothing, and say nothing of it. */
export async function isKept(openGit: OpenGit, dir: string, credential: GitCredential): Promise<boolean> {
  const question = describe({ ...credential, password: "" }).replace(/^password=.*\n/m, "");
  const answer = await openGit({ dir, input: question })
    .raw([...withPath, "fill"])
    .catch(() => ""); // nobody knew it, and git may not ask
  return answer.split("\n").includes(`password=${credential.password}`);
}

function describe({ url, username, password }: GitCredential): string {
  const { protocol, host, pathname } = new URL(url);
  const attributes = {
    protocol: protocol.replace(/:$/, ""),
    host,
    path: decodeURIComponent(pathname.slice(1)),
    username,
    password,
  };
  return `${Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("")}\n`;
}
