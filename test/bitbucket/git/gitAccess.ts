import { canSee } from "../model/reach";
import { hasScope, needs } from "../model/scopes";
import type { SignIn } from "../model/signIn";
import type { Repository } from "../model/world";
import { noAccess } from "../rest/errors";
import { plainText, type Answer } from "../wire/answer";
import type { GitService } from "../wire/requestLog";

export interface GitAccessRules {
  /** Removed app passwords answer 410, and have been seen to answer 401. */
  readonly appPasswordStatus: 401 | 410;
}

/**
 * Why git is turned away, in plain text as Bitbucket does (git shows it after `remote:`); undefined lets it in.
 * Bitbucket asks nobody's name for what is public, and doesn't tell what is missing from what is hidden.
 */
export function refuseGit(
  signIn: SignIn,
  repository: Repository | undefined,
  service: GitService,
  rules: GitAccessRules,
): Answer | undefined {
  if (signIn.kind === "refused") return refuseSignIn(signIn.why, rules);
  const token = signIn.kind === "accepted" ? signIn.token : undefined;
  const isWrite = service === "git-receive-pack";
  if (!token && (isWrite || !repository || repository.private)) return askForName(noAccess);
  if (!repository || !canSee(token, repository)) return askForName(noAccess);
  if (!token) return undefined;
  // Reading and writing are asked for at separate addresses, and each needs its own scope alone.
  const need = isWrite ? needs.writeRepository : needs.readRepository;
  return hasScope(token, need) || (!isWrite && !repository.private)
    ? undefined
    : plainText(403, missingScope());
}

type Why = Extract<SignIn, { kind: "refused" }>["why"];

function refuseSignIn(why: Why, rules: GitAccessRules): Answer {
  if (why === "wrongUser") return plainText(403, "Access denied: the user name does not go with this token.");
  if (why !== "appPassword") return askForName(noAccess);
  const words = "App passwords are deprecated and must be replaced with API tokens.";
  return rules.appPasswordStatus === 401 ? askForName(words) : plainText(410, words);
}

function askForName(words: string): Answer {
  return plainText(401, words, { "www-authenticate": 'Basic realm="Bitbucket.org HTTP"' });
}

function missingScope(): string {
  return "Your credentials lack one or more required privilege scopes.";
}
