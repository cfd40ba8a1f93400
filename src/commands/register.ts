import * as vscode from "vscode";
import { UserError, withoutToken } from "../errors";
import type { Log } from "../ui/log";
import { offerFixes } from "../ui/offerFixes";
import { withoutLinks } from "../ui/withoutLinks";
import { isCalledByCode, toPlainObject } from "./plainArgument";
import { commandIds, type CommandName } from "./ids";
import { runByHand } from "./runByHand";

/** A command: an argument in, a plain result out, `undefined` where the person cancelled. */
export type Command = (argument?: unknown) => Promise<unknown>;

/** A table that can't lack a command, so that none is contributed without code. */
export type Commands = { readonly [name in CommandName]: Command };

/**
 * The one place that catches. The person sees what happened, with the button that mends it. Code that calls with an
 * argument object gets the same error, with its kind in `code`; a palette, a menu or a button of ours doesn't, since
 * the editor would show it a second time.
 */
export function registerCommands(loadCommands: () => Promise<Commands>, log: Log): vscode.Disposable {
  const names = Object.keys(commandIds) as CommandName[];
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.commands.registerCommand(commandIds[name], async (argument?: unknown) => {
        try {
          const commands = await loadCommands();
          return await commands[name](argument);
        } catch (error) {
          report(error, name, argument, log);
          if (error instanceof UserError && !isCalledByCode(argument)) return undefined;
          throw forOthers(error);
        }
      }),
    ),
  );
}

/** Another extension's code gets it, or the editor, which shows the message in a notification of its own. */
function forOthers(error: unknown): unknown {
  const told = error instanceof UserError ? withoutToken(error) : error;
  if (told instanceof Error) told.message = withoutLinks(told.message);
  return told;
}

function report(error: unknown, name: CommandName, argument: unknown, log: Log): void {
  if (!(error instanceof UserError)) {
    log.bug(name, error); // the editor shows the message of what we did not expect
    return;
  }
  log.failure(name, error);
  const retry = (change: Readonly<Record<string, unknown>>) =>
    runByHand(name, { ...toPlainObject(argument), ...change });
  offerFixes(error, retry).catch((failure: unknown) => {
    log.bug(`${name}: a button`, failure);
  });
}
