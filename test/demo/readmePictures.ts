import assert from "node:assert/strict";
import type { Clip, EditorWindow } from "../e2e/driver/editorWindow";
import { git } from "../e2e/scene/connectScene";
import type { Sample } from "../start/sampleBitbucket";
import { fillForm, openForm } from "./fillForm";

interface Folders {
  readonly folder: string;
  readonly clones: string;
}

const tall = { width: 1280, height: 960 };
const usual = { width: 1280, height: 800 };
const marginPx = 12;

/** What media/ shows in README and walkthrough, taken of a repository that is connected. */
export async function takeReadmePictures(
  window: EditorWindow,
  sample: Sample,
  { folder, clones }: Folders,
): Promise<readonly string[]> {
  await window.runCommand("Terminal: Kill All Terminals");
  await window.page.locator("#workbench\\.parts\\.panel").waitFor({ state: "hidden" });
  await cloneAnother(window, sample, { folder, clones });
  for (const subject of ["Round to the cent", "Refund twice at most"]) {
    git(folder, "commit", "-q", "--allow-empty", "-m", subject);
  }
  await window.statusBarItem(`${sample.repository} ↑2`).waitFor();
  return [
    await pictureForm(window, sample),
    await picturePushButton(window, sample),
    await pictureClone(window),
    await pictureTokens(window, sample),
  ];
}

/** With a token for the whole workspace, so that the list has more to show. */
async function cloneAnother(
  window: EditorWindow,
  { bitbucket, tokens }: Sample,
  { folder, clones }: Folders,
): Promise<void> {
  for (const [n, name] of ["site", "mobile-app", "infrastructure"].entries()) {
    const updatedOn = new Date(Date.now() - (n + 1) * 50 * 3_600_000);
    bitbucket.addRepository(`acme/${name}`, { seedFrom: folder, updatedOn, private: name !== "site" });
  }
  const token = tokens.find(({ purpose }) => purpose.includes("workspace"));
  assert.ok(token);
  const url = bitbucket.webUrl.replace("://", `://x-token-auth:${encodeURIComponent(token.secret)}@`);
  await window.runCommand("Bitbucket: Clone repository");
  await window.quickInput.input.waitFor();
  await window.page.keyboard.insertText(`git clone ${url}/acme/site.git`);
  await window.quickInput.item("Clone acme/site").waitFor();
  await window.page.keyboard.press("Enter");
  await window.quickInput.chooseFolder(`${clones}/`, "Clone here");
  await window.notification("Cloned acme/site").waitFor({ timeout: 60_000 });
  await window.runCommand("Notifications: Clear All Notifications");
}

/** The whole window: the form as one paste fills it, and the push button below. */
async function pictureForm(window: EditorWindow, sample: Sample): Promise<string> {
  await window.page.setViewportSize(tall);
  await window.runCommand("View: Close All Editors");
  await openForm(window);
  await fillForm(window, sample);
  await window.form().getByRole("heading", { name: "Connect repository" }).scrollIntoViewIfNeeded();
  return window.screenshot("form");
}

async function picturePushButton(window: EditorWindow, { repository }: Sample): Promise<string> {
  await window.page.setViewportSize(usual);
  await window.runCommand("View: Close All Editors");
  await window.statusBarItem(repository).hover();
  await window.page.locator(".monaco-hover", { hasText: "Commit e-mail" }).waitFor();
  const picture = await window.screenshot("push", { x: 0, y: usual.height - 320, width: 720, height: 320 });
  await window.page.mouse.move(usual.width / 2, 0);
  return picture;
}

async function pictureClone(window: EditorWindow): Promise<string> {
  await window.runCommand("Bitbucket: Clone repository");
  await window.quickInput.item("acme/infrastructure").waitFor();
  const picture = await window.screenshot("clone", await quickInputClip(window));
  await window.quickInput.cancel();
  return picture;
}

async function pictureTokens(window: EditorWindow, { repository }: Sample): Promise<string> {
  await window.runCommand("Bitbucket: Manage tokens");
  await window.quickInput.choose(`Repository access token for ${repository}`);
  await window.quickInput.choose("Check now");
  await window.quickInput.widget.getByText("works, pull and push").waitFor();
  const picture = await window.screenshot("tokens", await quickInputClip(window));
  await window.quickInput.cancel();
  return picture;
}

async function quickInputClip({ quickInput }: EditorWindow): Promise<Clip> {
  const box = await quickInput.widget.boundingBox();
  assert.ok(box);
  const y = Math.max(0, box.y - marginPx);
  return {
    x: box.x - marginPx,
    y,
    width: box.width + 2 * marginPx,
    height: box.y + box.height + marginPx - y,
  };
}
