import * as l10n from "@vscode/l10n";
import { lowerCaseHost } from "../../bitbucket/gitUrl";
import type { BitbucketSite } from "../../bitbucket/site";
import { hideTokens } from "../../bitbucket/token";
import { nameFrom } from "../../git/commonDir";
import type { GitConfigFile } from "../../git/gitConfigFile";
import { changeRecords, changeText, maskUrl, withRecords } from "./configChange";
import type { Finding, Undo } from "./finding";
import type { Scene } from "./scene";
import { isBitbuckets, readHeader } from "./signIns";

/** One line whose comment holds a token. */
interface CommentLine {
  /** Counted from 1. */
  readonly number: number;
  readonly line: string;
  readonly clean: string;
  /** What may be shown of the clean line: before the comment, another token may stand. */
  readonly comment: string;
}

/** A token that somebody put behind a `#` is read by whoever reads the file, though git doesn't. */
export async function checkComments(scene: Scene): Promise<readonly Finding[]> {
  const found = scene.ownFiles.map(async (configFile) => {
    const lines = findCommentLines(await configFile.text(), scene.ports.site);
    return lines.length === 0 ? [] : [describe(scene, configFile, lines)];
  });
  return (await Promise.all(found)).flat();
}

function describe(scene: Scene, configFile: GitConfigFile, lines: readonly CommentLine[]): Finding {
  const name = nameFrom(scene.local.root, configFile.file);
  const numbers = lines.map(({ number }) => number).join(", ");
  return {
    id: "token-in-comment",
    severity: "error",
    message: l10n.t(
      "A comment in {0} contains a token in plain text (line {1}). Remove it, then rotate the token on its page.",
      name,
      numbers,
    ),
    fix: {
      kind: "repair",
      title: l10n.t("Remove from comment"),
      preview: () =>
        lines.map(({ number, comment }) =>
          l10n.t("line {0} of {1} becomes: {2}", number, name, comment.trim()),
        ),
      apply: async () => ({ undo: await blankOut(scene, configFile, lines) }),
    },
  };
}

async function blankOut(
  scene: Scene,
  configFile: GitConfigFile,
  lines: readonly CommentLine[],
): Promise<Undo> {
  const undoFile = await changeText(
    configFile,
    (current) => swapLines(current, lines, "line", "clean"),
    (current) => swapLines(current, lines, "clean", "line"),
  );
  return configFile.file === scene.configFile.file ? withRecords(undoFile, blankRecords(scene)) : undoFile;
}

/** Disconnecting writes the text that a record has, where it means what the config does. */
function blankRecords(scene: Scene): Promise<Undo> {
  const find = (text: string) => findCommentLines(text, scene.ports.site);
  return changeRecords(
    scene,
    (record) => {
      const lines = find(record.text);
      return lines.length === 0
        ? record
        : { ...record, text: swapLines(record.text, lines, "line", "clean") };
    },
    (now, { before, after }) => {
      const isAsLeft = now.text === after.text;
      const text = isAsLeft ? before.text : swapLines(now.text, find(before.text), "clean", "line");
      return { ...now, text };
    },
  );
}

function findCommentLines(text: string, site: BitbucketSite): readonly CommentLine[] {
  return text.split("\n").flatMap((line, index) => {
    const start = commentStart(line);
    const comment = hideSecrets(line.slice(start), site);
    const clean = line.slice(0, start) + comment;
    return clean === line ? [] : [{ number: index + 1, line, clean, comment: maskOthers(comment) }];
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

const header = /(authorization\s*:\s*(?:basic|bearer)\s+)[^\s"']+/gi;

/** What signs in elsewhere stays in the file, but is not shown. */
function maskOthers(comment: string): string {
  return maskUrl(comment.replace(header, "$1…"));
}

/** A Bitbucket URL, or a header, stays without what signs in. Other hosts' are none of ours. */
function hideSecrets(comment: string, site: BitbucketSite): string {
  const { host } = new URL(site.webUrl);
  const signIn = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+:[^\s/@]+@([^\s/]+)/gi;
  const withoutHeader = comment.replace(header, (all, start: string) => {
    const found = readHeader(all);
    return found && isBitbuckets(found) ? `${start}…` : all;
  });
  return hideTokens(
    withoutHeader.replace(signIn, (all, scheme: string, named: string) =>
      lowerCaseHost(named) === host ? scheme + named : all,
    ),
  );
}

/** Each once, in their order: a line that somebody has changed since stays. */
function swapLines(
  text: string,
  lines: readonly CommentLine[],
  from: "line" | "clean",
  to: "line" | "clean",
): string {
  const left = [...lines];
  const swapped = text.split("\n").map((line) => {
    const index = left.findIndex((one) => one[from] === line);
    return index < 0 ? line : (left.splice(index, 1)[0]?.[to] ?? line);
  });
  return swapped.join("\n");
}
