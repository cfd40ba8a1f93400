import * as l10n from "@vscode/l10n";
import type { GitSetUp } from "../flows/setUp/setUpGit";
import { askDialog, warnDialog } from "./messages";

/** Whether Git is to be set up; undefined where it stays as it is. The lines are shown before anything is written. */
export async function askGitSetUp({ isOn, file, lines }: GitSetUp): Promise<boolean | undefined> {
  const text = lines.join("\n");
  if (isOn) {
    const turnOff = l10n.t("Turn off");
    const detail = l10n.t("Git is set up for Bitbucket. Turning it off removes these lines from {0}:", file);
    const answer = await warnDialog(l10n.t("Turn off Git's sign-in?"), `${detail}\n\n${text}`, turnOff);
    return answer === turnOff ? false : undefined;
  }
  const setUp = l10n.t("Set up Git");
  const detail = l10n.t(
    "Submodules, terminals and other tools then get the stored token that can access the repository, while VS Code is open. Your other credential helpers aren't asked for Bitbucket. These lines are added to {0}:",
    file,
  );
  const answer = await askDialog(l10n.t("Set up Git for Bitbucket?"), `${detail}\n\n${text}`, setUp);
  return answer === setUp ? true : undefined;
}
