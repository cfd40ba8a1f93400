import * as l10n from "@vscode/l10n";
import type { OpenGit } from "../../git/openGit";
import type { Finding } from "./finding";

/**
 * Older ones can be tricked by a URL into handing a credential to another host.
 * https://github.com/git/git/security/advisories/GHSA-hjc9-x69f-jqj7
 */
const oldest = [2, 26, 2] as const;

/** The version's numbers as git tells them: `2.39.5`. */
export async function readGitVersion(openGit: OpenGit, dir: string): Promise<string> {
  return /\d+(?:\.\d+)+/.exec(await openGit({ dir }).raw(["version"]))?.[0] ?? "";
}

export function checkGit(version: string): readonly Finding[] {
  if (!isOlder(version.split(".").map(Number))) return [];
  return [
    {
      id: "git-too-old",
      severity: "error",
      message: l10n.t(
        "Git {0} can be tricked into sending a token to another host. Install Git {1} or later.",
        version,
        oldest.join("."),
      ),
      fix: {
        kind: "lead",
        title: l10n.t("Download Git"),
        fix: { kind: "openUrl", title: l10n.t("Download Git"), url: "https://git-scm.com/downloads" },
      },
    },
  ];
}

function isOlder(version: readonly number[]): boolean {
  for (const [i, wanted] of oldest.entries()) {
    const part = version[i] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
