import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { changeGitSetUp, describeGitSetUp, type GitSetUp } from "../flows/setUp/setUpGit";
import { askGitSetUp } from "../ui/askGitSetUp";
import { showInformation } from "../ui/messages";
import { parseSetUpArgument } from "./arguments";
import { requireGit, type CommandContext } from "./context";
import type { Command } from "./register";

/** Says first which lines it adds to the person's own Git config, or removes; with `enable` it asks nothing. */
export function setUpGitCommand(context: CommandContext): Command {
  return async (untyped): Promise<{ readonly enabled: boolean } | undefined> => {
    const { enable: given, copy } = parseSetUpArgument(untyped);
    const ports = await context.createPorts(await requireGit());
    const found = await describeGitSetUp(ports);
    if (copy === true) return copyLines(found);
    const enable = given ?? (await askGitSetUp(found));
    if (enable === undefined) return undefined;
    const { isOn } = await changeGitSetUp(ports, enable);
    context.log.note(isOn ? `Git is set up in ${found.file}.` : `Git's set-up is gone from ${found.file}.`);
    if (given === undefined)
      void showInformation(isOn ? l10n.t("Git is set up for Bitbucket.") : l10n.t("Changes undone."));
    return { enabled: isOn };
  };
}

async function copyLines({ lines, isOn }: GitSetUp) {
  await vscode.env.clipboard.writeText(`${lines.join("\n")}\n`);
  return { enabled: isOn };
}
