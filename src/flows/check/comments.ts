import * as l10n from "@vscode/l10n";
import * as path from "node:path";
import type { BitbucketSite } from "../../bitbucket/site";
import { hideTokens } from "../../bitbucket/token";
import type { GitConfigFile } from "../../git/gitConfigFile";
import { changeText } from "./configChange";
import type { Finding } from "./finding";
import type { Scene } from "./scene";
import { isBitbuckets, readHeader } from "./signIns";

/** One line whose comment holds a token. */
interface CommentLine {
  /** Counted from 1. */
  readonly number: number;
  readonly line: string;
  readonly clean: string;
}

/** A token that somebody put behind a `#` is read by whoever reads the file, though git doesn't. */
export async function checkComments({ ports, local, ownFiles }: Scene): Promise<readonly Finding[]> {
  const found = ownFiles.map(async (configFile) => {
    const lines = findCommentLines(await configFile.text(), ports.site);
    return lines.length === 0
      ? []
      : [describe(configFile, path.relative(local.root, configFile.file), lines)];
  });
  return (await Promise.all(found)).flat();
}

function describe(configFile: GitConfigFile, name: string, lines: readonly CommentLine[]): Finding {
  const numbers = lines.map(({ number }) => number).join(", ");
  return {
    id: "token-in-comment",
    severity: "error",
    message: l10n.t(
      "A comment in {0} holds a token in plain text (line {1}). Blank it out, then rotate the token on its page.",
      name,
      numbers,
    ),
    fix: {
      kind: "repair",
      title: l10n.t("Blank it out"),
      preview: () =>
        lines.map(({ number, clean }) => l10n.t("line {0} of {1} becomes: {2}", number, name, clean.trim())),
      apply: async () => {
        const undo = await changeText(
          configFile,
          (current) => swapLines(current, lines, "line", "clean"),
          (current) => swapLines(current, lines, "clean", "line"),
        );
        return { undo };
      },
    },
  };
}

function findCommentLines(text: string, site: BitbucketSite): readonly CommentLine[] {
  return text.split("\n").flatMap((line, index) => {
    const start = commentStart(line);
    const clean = line.slice(0, start) + hideSecrets(line.slice(start), site);
    return clean === line ? [] : [{ number: index + 1, line, clean }];
  });
}

/** https://git-scm.com/docs/git-config#_syntax */
function commentStart(line: string): number {
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    if (line[i] === "\\") i++;
    else if (line[i] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /[#;]/.test(line.charAt(i))) return i;
  }
  return line.length;
}

/** A Bitbucket URL, or a header, stays without what signs in. Other hosts' are none of ours. */
function hideSecrets(comment: string, site: BitbucketSite): string {
  const { host } = new URL(site.webUrl);
  const signIn = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+:[^\s/@]+@([^\s/]+)/gi;
  const header = /(authorization\s*:\s*(?:basic|bearer)\s+)[^\s"']+/gi;
  const withoutHeader = comment.replace(header, (all, start: string) => {
    const found = readHeader(all);
    return found && isBitbuckets(found) ? `${start}…` : all;
  });
  return hideTokens(
    withoutHeader.replace(signIn, (all, scheme: string, named: string) =>
      named.toLowerCase() === host ? scheme + named : all,
    ),
  );
}

function swapLines(
  text: string,
  lines: readonly CommentLine[],
  from: "line" | "clean",
  to: "line" | "clean",
): string {
  return lines.reduce((all, one) => all.replace(one[from], () => one[to]), text);
}
