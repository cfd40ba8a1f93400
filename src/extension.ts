import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { registerCommands, type Commands } from "./commands/register";
import { whenGitIsThere } from "./commands/whenGitIsThere";
import type { Parts } from "./parts";
import { createLog } from "./ui/log";

let started: Promise<Parts> | undefined;

/** Registers what the editor may call; the code behind it is read, and its parts are built, when they are first needed. */
export function activate(context: vscode.ExtensionContext): void {
  if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
  const log = createLog();
  const startParts = () =>
    (started ??= import("./parts").then(({ createParts }) => createParts(context, log)));
  let commands: Promise<Commands> | undefined;
  const loadCommands = async () => {
    const [parts, { createCommands }] = await Promise.all([
      startParts(),
      import("./commands/createCommands"),
    ]);
    return createCommands(context, parts, log);
  };
  context.subscriptions.push(
    log,
    registerCommands(() => (commands ??= loadCommands()), log),
    vscode.window.registerUriHandler({
      handleUri: async (uri) => {
        const { openLink } = await import("./commands/openLink");
        await openLink(uri, log, startParts);
      },
    }),
    whenGitIsThere(log, async (git, own) => {
      const [parts, { followGit }] = await Promise.all([startParts(), import("./commands/followGit")]);
      followGit(parts, context.secrets, git, own);
    }),
  );
}

/** Awaited by the editor, unlike what `subscriptions` dispose: no socket stays behind. */
export async function deactivate(): Promise<void> {
  await (await started)?.signIn.dispose();
}
