import assert from "node:assert/strict";
import type { EditorWindow } from "../e2e/driver/editorWindow";
import { pageSnippet, type Sample } from "../start/sampleBitbucket";

export async function openForm(window: EditorWindow): Promise<void> {
  await window.runCommand("Bitbucket: Connect repository");
  // Until the form knows the repository, nothing can be entered.
  await window.form().locator("fieldset.all-fields:enabled").waitFor();
}

/** With one paste: what Bitbucket shows has all of it. */
export async function fillForm(window: EditorWindow, sample: Sample): Promise<void> {
  const form = window.form();
  const [token] = sample.tokens;
  assert.ok(token);
  await window.page.evaluate((text) => navigator.clipboard.writeText(text), pageSnippet(sample, token));
  await form.getByLabel("Access token", { exact: true }).focus();
  await window.page.keyboard.press("ControlOrMeta+V");
  await form.getByText("Found in what you pasted").waitFor();
  assert.equal(await form.getByLabel("Repository", { exact: true }).inputValue(), sample.repository);
  assert.equal(await form.getByLabel("Commit e-mail", { exact: true }).inputValue(), token.botEmail);
  await form.getByRole("combobox", { name: "Expires" }).selectOption({ label: "In 365 days" });
}
