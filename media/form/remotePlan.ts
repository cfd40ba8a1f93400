import type { FormRemote, FormState } from "../../src/protocol/formMessages";

/** What connecting under a remote's name would meet. */
export type RemotePlan =
  | { readonly kind: "free" }
  | { readonly kind: "same"; readonly remote: FormRemote }
  | { readonly kind: "taken"; readonly remote: FormRemote };

/** `repository` is `workspace/slug`, empty where it isn't known yet. */
export function planRemote(name: string, repository: string, remotes: readonly FormRemote[]): RemotePlan {
  const remote = remotes.find((candidate) => candidate.name === name);
  if (!remote) return { kind: "free" };
  return { kind: isSame(remote, repository) ? "same" : "taken", remote };
}

/** The remote that points at the repository already, else a name that is free. */
export function proposeRemote(repository: string, state: FormState): string {
  return state.remotes.find((remote) => isSame(remote, repository))?.name ?? state.freeRemote;
}

function isSame(remote: FormRemote, repository: string): boolean {
  return repository !== "" && remote.repository?.toLowerCase() === repository.toLowerCase();
}
