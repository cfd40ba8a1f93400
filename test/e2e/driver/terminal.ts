import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EditorWindow } from "./editorWindow";
import { until } from "./until";

export interface TerminalResult {
  readonly code: number;
  /** Both streams. */
  readonly output: string;
}

const timeoutMs = 60_000;

/** Types a command into a new integrated terminal and waits for its end. What it prints goes to a file too, to be read. */
export async function runInTerminal(
  window: EditorWindow,
  root: string,
  command: string,
): Promise<TerminalResult> {
  const dir = mkdtempSync(join(root, "terminal-"));
  const [output, code] = [join(dir, "output"), join(dir, "code")];
  await openTerminal(window);
  await window.page.keyboard.type(
    `{ (${command}); echo $? > ${code}.new; } 2>&1 | tee ${output}; mv ${code}.new ${code}\n`,
  );
  await until(`the terminal runs ${command}`, () => existsSync(code) || undefined, timeoutMs);
  return { code: Number(readFileSync(code, "utf8")), output: readFileSync(output, "utf8") };
}

async function openTerminal(window: EditorWindow): Promise<void> {
  const terminals = window.page.locator(".terminal-wrapper .xterm-helper-textarea");
  const before = await terminals.count();
  await window.runCommand("Terminal: Create New Terminal");
  await until("a new terminal", async () => ((await terminals.count()) > before ? true : undefined));
  await window.page.locator(".terminal-wrapper.active .xterm-helper-textarea").focus();
}
