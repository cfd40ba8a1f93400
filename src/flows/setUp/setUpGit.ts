import * as l10n from "@vscode/l10n";
import { UserError } from "../../errors";
import { helperName } from "../../git/connectionConfig";
import { quote } from "../../git/gitConfigText";
import { withOwnLines, withoutOwnLines } from "../../git/ownLines";
import {
  findPersonConfig,
  readPersonSettings,
  rewriteBytes,
  whyManaged,
  type Managed,
} from "../../git/personConfig";
import type { Ports } from "../ports";

type SetUpPorts = Pick<Ports, "site" | "openGit" | "prepareHelper">;

/** How the person's own Git config stands to us. */
export interface GitSetUp {
  /** Git asks our helper for any repository on this Bitbucket. */
  readonly isOn: boolean;
  readonly file: string;
  /** What is in the file while it is on. */
  readonly lines: readonly string[];
  /** Another tool keeps the file, so the person changes it there. */
  readonly managed: Managed | undefined;
}

/** Reads only; Git says which file is the person's, and what is in force. */
export async function describeGitSetUp({ site, openGit, prepareHelper }: SetUpPorts): Promise<GitSetUp> {
  const helper = await prepareHelper();
  try {
    const [settings, file] = await Promise.all([readPersonSettings(openGit), findPersonConfig(openGit)]);
    const key = `credential.${site.webUrl}.helper`;
    const isOn = settings.some((one) => one.key === key && isHelper(one.value, helper));
    return { isOn, file, lines: linesFor(site.webUrl, helper), managed: await whyManaged(file) };
  } catch (error) {
    throw unreadable(error);
  }
}

/**
 * Puts our lines at the end of the person's own Git config, or takes them out again. At the end, since a helper that Git
 * reads later would be handed the token too. Throws a UserError where the file is not ours to change.
 */
export async function changeGitSetUp(ports: SetUpPorts, enable: boolean): Promise<GitSetUp> {
  const found = await describeGitSetUp(ports);
  if (!enable && !found.isOn) return found;
  if (found.managed !== undefined) {
    if (enable === found.isOn) return found;
    throw isManaged(found, enable);
  }
  const helper = await ports.prepareHelper();
  const isOurs = (body: string) => isHelper(body, toBytes(helper));
  const lines = found.lines.map(toBytes);
  await rewriteBytes(found.file, (text) => {
    const before = text === undefined ? undefined : withoutOwnLines(text, lines, isOurs);
    return enable ? withOwnLines(before, lines) : before;
  });
  const after = await describeGitSetUp(ports);
  if (after.isOn !== enable) throw isManaged(after, enable);
  return after;
}

function linesFor(webUrl: string, helper: string): readonly string[] {
  return [
    `[credential "${webUrl}"]`,
    // Drops every helper that was named before, so that none is asked, stores or offers a stale secret.
    "\thelper =",
    `\thelper = ${quote(helper)}`,
    "\tuseHttpPath = true",
  ];
}

/** The same editor's: the script's path is its own, whatever stands around it in another version. */
function isHelper(value: string, helper: string): boolean {
  const script = helper.split("'").find((part) => part.endsWith(`/${helperName}`)) ?? helper;
  return value.includes(script);
}

/** As the file has it, in UTF-8. */
function toBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function isManaged({ file, lines }: GitSetUp, enable: boolean): UserError {
  const text = lines.join("\n");
  const message = enable
    ? l10n.t("Another tool manages {0}. Add these lines to it there: {1}", file, text)
    : l10n.t("Another tool manages {0}. Remove these lines from it there: {1}", file, text);
  return new UserError("GitMissing", message, {
    fixes: [{ kind: "retry", title: l10n.t("Copy lines"), change: { copy: true } }],
  });
}

function unreadable(error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const said = /^fatal: (.+)$/m.exec(error.message)?.[1];
  if (said === undefined) return error;
  return new UserError(
    "GitMissing",
    l10n.t("Git can't read its own config: {0}. Fix it, then try again.", said),
    {
      cause: error,
    },
  );
}
