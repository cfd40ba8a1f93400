import assert from "node:assert/strict";
import * as l10n from "@vscode/l10n";
import { scopes } from "../../src/bitbucket/scopes";
import type { StepState } from "../../src/protocol/formMessages";
import { stepLabel } from "../../src/ui/connect/stepWords";
import { projectRoot } from "../host/places.mjs";
import { bundleFile, readWords } from "../words/bundles";
import { FormStage, sampleState, type FormOnStage } from "./formStage";

const secret = "ATCTT3xFfGN0QmVlcEJvb3A9PXNlY3JldC1vZi1hLXRlc3Q=A1B2C3D4";
const apiSecret = "ATATT3xFfGF0QmVlcEJvb3A9PXNlY3JldC1vZi1hLXRlc3Q=0A1B2C3D";
const states: readonly StepState[] = ["done", "skipped", "undone", "failed", "running", "waiting"];
const stepIds = ["check", "verify", "store", "remote", "credentials", "push"] as const;
const branches = ["feature/refunds", "main", "release/2026"];
const github = {
  name: "origin",
  displayUrl: "https://github.com/ada/payments.git",
  renameTo: "origin-old",
  holdsToken: false,
};
const ownRemote = {
  ...{ name: "upstream", displayUrl: "https://bitbucket.org/acme/payments.git", renameTo: "upstream-old" },
  ...{ repository: "acme/payments", holdsToken: true },
};

/** What the form shows beside words: the person's own, and names of scopes. */
const shownAsItIs = [
  ...branches,
  "/home/ada/payments",
  "/home/ada/site",
  "payments",
  "site",
  "origin",
  "bitbucket.org",
  ",",
];
const namesOfScopes = /^[a-z]+:[a-z]+:bitbucket$/;

describe("the form in German", function () {
  this.timeout(60_000);
  const german = readWords(projectRoot, bundleFile("de"));
  const say = (english: string) => german[english] ?? assert.fail(`no German for “${english}”`);
  const isGerman = germanMatcher(Object.values(german));
  let stage: FormStage;
  let form: FormOnStage;

  before(async () => {
    l10n.config({ contents: german });
    stage = await FormStage.open();
  });
  after(() => stage.close());

  async function open(changes: Partial<typeof sampleState> = {}): Promise<void> {
    form = await stage.newForm({ l10nContents: german });
    await form.send({ type: "state", state: { ...sampleState, ...changes }, values: {} });
  }
  const field = (english: string) => form.page.getByLabel(say(english), { exact: true });
  const connect = () => form.page.getByRole("button", { name: say("Connect"), exact: true }).click();

  async function unfold(...summaries: string[]): Promise<void> {
    for (const summary of summaries) await form.page.getByText(say(summary), { exact: true }).click();
  }

  async function fillIn(): Promise<void> {
    const clone = `git clone https://x-token-auth:${secret}@bitbucket.org/acme/payments.git`;
    await form.paste(say("Access token"), `${clone}\ngit config user.email f00ba4@bots.bitbucket.org`);
  }

  const faces: Readonly<Record<string, () => Promise<void>>> = {
    "just opened": () => open(),
    "of a repository without a commit, in one of several folders": async () => {
      const folders = [...sampleState.folders, { path: "/home/ada/site", name: "site" }];
      await open({ folders, branches: [], currentBranch: "", inheritedEmail: "" });
    },
    "filled by a paste": async () => {
      await open({ localEmail: "ada@work.example", hasCredentialHelper: true });
      await fillIn();
    },
    "for an API token that expires on a date": async () => {
      await open();
      await form.paste(say("Access token"), apiSecret);
      await unfold("Create a token");
      await field("Expires").selectOption("date");
      await field("Repository").fill("acme/payments");
      await connect();
    },
    "with a taken remote, another branch and a token in plain text": async () => {
      await open({ remotes: [github], freeRemote: "bitbucket", gitAccess: "remoteUrl" });
      await field("Repository").fill("acme/payments");
      await field("Remote").fill("origin");
      await field("Branch to push").selectOption("release/2026");
      await unfold("Create a token", "Everything…");
      await form.page.getByLabel("Repositories: Write").uncheck();
    },
    "with a remote of this repository that holds a token": () => open({ remotes: [github, ownRemote] }),
    "with wrong entries": async () => {
      await open();
      await field("Repository").fill("https://github.com/ada/payments");
      await field("Access token").fill("short");
      await field("Commit e-mail").fill("nobody");
      await field("Remote").fill("a b");
      await connect();
      await form.page.keyboard.press("Escape");
    },
    "with nothing entered": async () => {
      await open();
      await connect();
    },
    "while it connects": async () => {
      await open();
      await fillIn();
      await connect();
      await form.send({ type: "progress", steps: steps() });
      await form.page.keyboard.press("Escape");
    },
    "after a cancel": async () => {
      await open();
      await fillIn();
      await connect();
      await form.send({ type: "cancelled", tokenKept: true });
    },
    "when it is connected": async () => {
      await open();
      await fillIn();
      await connect();
      await form.send({ type: "progress", steps: steps() });
      const message = say("This repository doesn't have a commit yet. Commit first, then push.");
      await form.send({ type: "connected", message, notes: [] });
    },
  };

  for (const [face, show] of Object.entries(faces)) {
    it(`has no word that isn't, ${face}`, async () => {
      await show();
      const texts = await form.page.evaluate(everyText);
      assert.ok(texts.length > 20, `${texts.length} texts`);
      assert.deepEqual(
        texts.filter((text) => !isGerman(text)),
        [],
      );
      assert.deepEqual(form.complaints, []);
      await form.page.context().close();
    });
  }
});

function steps() {
  return stepIds.map((id, index) => ({ id, label: stepLabel(id), state: states[index] ?? "waiting" }));
}

/** Runs in the page: all that is shown, read out, or would be where it is hidden now. */
function everyText(): readonly string[] {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.parentElement?.closest("script") === null) texts.push(node.textContent ?? "");
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    for (const element of document.querySelectorAll(`[${name}]`))
      texts.push(element.getAttribute(name) ?? "");
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

/** Words with whatever values in their places, two such in a row, or what is no word. */
function germanMatcher(values: readonly string[]): (text: string) => boolean {
  const labels = scopes.flatMap(({ label }) => [`${label().split(": ")[0] ?? ""}:`, ...label().split(": ")]);
  const asTheyAre = new Set([...shownAsItIs, ...labels]);
  const patterns = values.map(toPattern);
  const isOne = (text: string) => patterns.some((pattern) => pattern.test(text));
  const isTwo = (text: string) =>
    [...text.matchAll(/\. /g)].some(
      ({ index }) => isOne(text.slice(0, index + 1)) && isOne(text.slice(index + 2)),
    );
  return (text) => asTheyAre.has(text) || namesOfScopes.test(text) || isOne(text) || isTwo(text);
}

function toPattern(words: string): RegExp {
  const escaped = words.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\d\}/g, ".+");
  return new RegExp(`^${escaped}$`);
}
