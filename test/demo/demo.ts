import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EditorWindow } from "../e2e/driver/editorWindow";
import { openWindow } from "../e2e/driver/openWindow";
import { startSampleBitbucket, type Sample } from "../start/sampleBitbucket";
import { fillForm, openForm } from "./fillForm";
import { takeReadmePictures } from "./readmePictures";

/**
 * From a repository with commits and an empty one on Bitbucket to a push without a question.
 * @returns the pictures taken on the way; those without a number are what media/ has for README and walkthrough
 */
export async function playDemo(root: string, folder: string): Promise<readonly string[]> {
  const sample = await startSampleBitbucket(join(root, "bitbucket"));
  const { webUrl, apiUrl } = sample.bitbucket;
  const settings = { "bitbucketConnect.webUrl": webUrl, "bitbucketConnect.apiUrl": apiUrl };
  const window = await openWindow({ folder, settings });
  const clones = join(root, "clones");
  mkdirSync(clones);
  try {
    const steps = await play(window, sample);
    return [...steps, ...(await takeReadmePictures(window, sample, { folder, clones }))];
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
