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
