import assert from "node:assert/strict";
import Module from "node:module";
import { setTimeout as delay } from "node:timers/promises";
import type * as vscode from "vscode";
import { UserError } from "../../src/errors";
import type { Log } from "../../src/ui/log";

const theirs = "[Repair](command:workbench.action.quit) or [see](https://evil.tld)";
/** https://github.com/microsoft/vscode/blob/1.100.0/src/vs/base/common/linkedText.ts */
const editorsLink = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

type Handler = (argument?: unknown) => Promise<unknown>;
const modules = Module as unknown as { _load: (name: string, ...rest: readonly unknown[]) => unknown };

describe("a stranger's words", () => {
  const { _load: load } = modules;
  let shown: string[];
  const handlers: Handler[] = [];

  before(() => {
    const editor = fakeEditor();
    modules._load = (name, ...rest) => (name === "vscode" ? editor : load.call(Module, name, ...rest));
  });
  after(() => {
    modules._load = load;
  });
  beforeEach(() => {
    shown = [];
  });

  /** An editor that notes which words it was given to show. */
  function fakeEditor() {
    const show = (message: string, dialog?: string | vscode.MessageOptions) => {
      shown.push(message);
      if (typeof dialog === "object") shown.push(dialog.detail ?? "");
      return Promise.resolve(undefined);
    };
    return {
      ProgressLocation: { Notification: 15 },
      Disposable: { from: () => undefined },
      commands: { registerCommand: (_id: string, handler: Handler) => handlers.push(handler) },
      window: {
        showInformationMessage: show,
        showWarningMessage: show,
        showErrorMessage: show,
        withProgress: ({ title }: vscode.ProgressOptions, task: (...args: unknown[]) => Promise<unknown>) => {
          shown.push(title ?? "");
          const report = ({ message }: { readonly message: string }) => shown.push(message);
          return task({ report }, { onCancellationRequested: () => ({ dispose: () => undefined }) });
        },
      },
    };
  }

  /** They are there to be read, each time, and are no link. */
  function assertPlain(words: readonly string[], times: number): void {
    assert.match(theirs, editorsLink);
    assert.deepEqual(
      words.map((one) => one.replaceAll("\u200b", "")),
      Array<string>(times).fill(theirs),
    );
    for (const one of words) assert.doesNotMatch(one, editorsLink);
  }

  it("are no link in a message or a dialog", async () => {
    const messages = await import("../../src/ui/messages");
    await messages.showInformation(theirs);
    await messages.showWarning(theirs, "Button");
    await messages.showError(theirs);
    await messages.askDialog(theirs, theirs, "Button");
    await messages.warnDialog(theirs, theirs);
    assertPlain(shown, 7);
  });

  it("are no link in an error with buttons", async () => {
    const { offerFixes } = await import("../../src/ui/offerFixes");
    await offerFixes(new UserError("RemoteExists", theirs), () => Promise.resolve());
    assertPlain(shown, 1);
  });

  it("are no link in a progress notification's title and steps", async () => {
    const { withProgress } = await import("../../src/ui/progress");
    await withProgress(theirs, async (_signal, say) => {
      await delay(700);
      say(theirs);
    });
    assertPlain(shown, 2);
  });

  for (const [what, error, isShown] of [
    ["that we did not expect", new Error(theirs), false],
    ["that a caller gets", new UserError("PushRejected", theirs), true],
  ] as const) {
    it(`are no link in an error ${what}, which the editor shows`, async () => {
      const { registerCommands } = await import("../../src/commands/register");
      const log = { bug: () => undefined, failure: () => undefined } as unknown as Log;
      handlers.length = 0;
      registerCommands(() => Promise.reject(error), log);
      await assert.rejects(
        async () => handlers[0]?.({ folder: "/" }),
        (thrown: Error) => {
          assertPlain([thrown.message], 1);
          return thrown === error;
        },
      );
      assertPlain(shown, isShown ? 1 : 0);
    });
  }
});
