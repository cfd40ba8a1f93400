import assert from "node:assert/strict";
import { join } from "node:path";
import type { EditorWindow } from "../e2e/driver/editorWindow";
import { openWindow } from "../e2e/driver/openWindow";
import { startSampleBitbucket, type Sample } from "../start/sampleBitbucket";

/**
 * From a repository with commits and an empty one on Bitbucket to a push without a question.
 * @returns the pictures taken on the way
 */
export async function playDemo(root: string, folder: string): Promise<readonly string[]> {
  const sample = await startSampleBitbucket(join(root, "bitbucket"));
  const { webUrl, apiUrl } = sample.bitbucket;
  const settings = { "bitbucketConnect.webUrl": webUrl, "bitbucketConnect.apiUrl": apiUrl };
  const window = await openWindow({ folder, settings });
  try {
    return await play(window, sample);
  } catch (error) {
    await window.screenshot("failed");
    throw error;
  } finally {
    await window.close();
    await sample.bitbucket.close();
  }
}

async function play(window: EditorWindow, sample: Sample): Promise<readonly string[]> {
  const pictures: string[] = [];
  const picture = async (name: string): Promise<void> => {
    pictures.push(await window.screenshot(`${pictures.length + 1}-${name}`));
  };
  await openForm(window);
  await picture("form");
  await fillForm(window, sample);
  await picture("filled");
  await connect(window);
  await picture("connected");
  await commitAndPush(window, sample);
  await picture("pushed");
  return pictures;
}

async function openForm(window: EditorWindow): Promise<void> {
  await window.runCommand("Bitbucket: Connect repository");
  await window.form().getByRole("textbox", { name: "Repository" }).waitFor();
}

async function fillForm(window: EditorWindow, { repository, tokens }: Sample): Promise<void> {
  const form = window.form();
  const [token] = tokens;
  assert.ok(token);
  await form.getByLabel("Repository", { exact: true }).fill(repository);
  await form.getByRole("checkbox", { name: "Repositories: Read" }).check();
  await form.getByRole("checkbox", { name: "Repositories: Write" }).check();
  await form.getByLabel("Access token", { exact: true }).fill(token.secret);
  await form.getByLabel("Commit e-mail", { exact: true }).fill(token.botEmail);
  await form.getByLabel("Remote", { exact: true }).fill("origin");
  await form.getByRole("combobox", { name: "Branch to push" }).selectOption("main");
}

async function connect(window: EditorWindow): Promise<void> {
  const form = window.form();
  await form.getByRole("button", { name: "Connect", exact: true }).click();
  await form.getByRole("heading", { name: /^Connected/ }).waitFor();
}

/** A commit made after connecting belongs to the token's bot, and git asks nobody for anything. */
async function commitAndPush(window: EditorWindow, { bitbucket, repository }: Sample): Promise<void> {
  const commit = "echo done >> ledger.js && git commit -am 'Settle the ledger' && git push origin main";
  const { code, output } = await window.runInTerminal(commit);
  assert.equal(code, 0, output);
  const [newest] = await bitbucket.commits(repository);
  assert.equal(newest?.subject, "Settle the ledger");
}
