import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MessageToForm } from "../../src/protocol/formMessages";
import { isThorough } from "../extent.mjs";
import { projectRoot } from "../host/places.mjs";
import { FormStage, sampleState, themeNames, type FormOnStage } from "./formStage";

const secret = "ATCTT3xFfGN0QmVlcEJvb3A9PXNlY3JldC1vZi1hLXRlc3Q=A1B2C3D4";
const apiSecret = "ATATT3xFfGF0QmVlcEJvb3A9PXNlY3JldC1vZi1hLXRlc3Q=0A1B2C3D";

type Steps = Extract<MessageToForm, { type: "progress" }>["steps"];

const labels = [
  ["check", "Check the repository"],
  ["verify", "Check the token with Bitbucket"],
  ["store", "Store the token in VS Code's secret storage"],
  ["remote", "Set the remote"],
  ["credentials", "Let Git use the token"],
  ["address", "Set commit email"],
  ["push", "Push the branch"],
] as const;

function steps(...states: readonly Steps[number]["state"][]): Steps {
  return labels.map(([id, label], index) => ({ id, label, state: states[index] ?? "waiting" }));
}

/** A text of the form in the language that it speaks. */
type Say = (text: string) => string;

async function fillIn(form: FormOnStage, say: Say): Promise<void> {
  await form.send({ type: "state", state: sampleState, values: {} });
  await form.paste(
    say("Access token"),
    `git clone https://x-token-auth:${secret}@bitbucket.org/acme/payments.git
git config user.email f00ba4@bots.bitbucket.org`,
  );
}

async function connect(form: FormOnStage, say: Say): Promise<void> {
  await fillIn(form, say);
  await form.page.getByRole("button", { name: say("Connect"), exact: true }).click();
}

/** Every face of the form, by what a person would call it. */
const faces: Readonly<Record<string, (form: FormOnStage, say: Say) => Promise<void>>> = {
  empty: (form) => form.send({ type: "state", state: sampleState, values: {} }),
  filled: fillIn,
  apiToken: async (form, say) => {
    await fillIn(form, say);
    await form.paste(say("Access token"), apiSecret);
    await form.page.getByText(say("Create a token"), { exact: true }).click();
    await form.page.getByText(say("Everything…")).click();
    await form.page.getByLabel(say("Expires")).selectOption("date");
  },
  problems: async (form, say) => {
    await form.send({ type: "state", state: sampleState, values: {} });
    await form.page.getByLabel(say("Commit e-mail")).fill("nobody");
    await form.page.getByRole("button", { name: say("Connect"), exact: true }).click();
  },
  conflict: async (form, say) => {
    const remotes = [
      {
        name: "origin",
        displayUrl: "https://github.com/ada/payments.git",
        renameTo: "origin-old",
        holdsToken: false,
      },
    ];
    const folders = [...sampleState.folders, { path: "/home/ada/site", name: "site" }];
    const state = {
      ...sampleState,
      folders,
      remotes,
      freeRemote: "bitbucket",
      localEmail: "ada@work.example",
    };
    await form.send({ type: "state", state, values: { gitAccess: "remoteUrl" } });
    await form.page.getByLabel(say("Repository"), { exact: true }).fill("acme/payments");
    await form.page.getByLabel(say("Remote"), { exact: true }).fill("origin");
    await form.page.getByLabel(say("Branch to push")).selectOption("release/2026");
  },
  running: async (form, say) => {
    await connect(form, say);
    await form.send({ type: "progress", steps: steps("done", "done", "done", "running") });
  },
  failed: async (form, say) => {
    await connect(form, say);
    await form.send({
      type: "progress",
      steps: steps("undone", "done", "undone", "undone", "undone", "skipped", "failed"),
    });
    const message =
      "This token lacks repository:write (Repositories: Write) for acme/payments. Create one with it: a token's scopes can't be changed.";
    await form.send({ type: "failed", message, field: "token", fixes: ["Open token page"], tokenKept: true });
  },
  connected: async (form, say) => {
    await connect(form, say);
    await form.send({
      type: "progress",
      steps: steps("done", "done", "done", "done", "done", "done", "done"),
    });
    await form.send({
      type: "connected",
      message: "Connected to acme/payments, and main is on Bitbucket.",
      notes: ["The token may also do what nobody asked for: webhook, pipeline:write."],
    });
  },
  obstacle: (form) => {
    const obstacle = {
      message: "git is not installed here. Install it, then try again.",
      fixes: ["Get git"],
    };
    return form.send({ type: "state", state: { ...sampleState, obstacle }, values: {} });
  },
};

/** Words as long as German ones, and Japanese ones, which have no space between them. */
const languages = {
  German: (text: string) => spoken(text, (word) => `${word}skonfiguration`),
  Japanese: (text: string) => spoken(text, toKana).replaceAll(/(?<!:) /g, ""),
} as const;

function toKana(word: string): string {
  return word
    .toLowerCase()
    .replace(/[a-z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 97 + 0x30ab));
}

/** All words, but for what stands in for a value. */
function spoken(text: string, toWord: (word: string) => string): string {
  return text.replace(/\{\d\}|[a-z]{4,}/gi, (part) => (part.startsWith("{") ? part : toWord(part)));
}

function translation(language: keyof typeof languages): Readonly<Record<string, string>> {
  return Object.fromEntries(formWords().map((text) => [text, languages[language](text)]));
}

/** As the code has them: a text is its own key. */
function formWords(): readonly string[] {
  const folders = ["media/form", "src/bitbucket"].map((folder) => join(projectRoot, folder));
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  const code = files.filter((file) => file.endsWith(".ts")).map((file) => readFileSync(file, "utf8"));
  const texts = code.join("\n").matchAll(/l10n\.t\(\s*("(?:[^"\\]|\\.)*")/g);
  return [...texts].map(([, text = ""]) => String(JSON.parse(text)));
}

/** What sticks out of the page, or of its own box. */
function tooWide({ page }: FormOnStage): Promise<readonly string[]> {
  return page.evaluate(() => {
    const boxes = [...document.querySelectorAll("html, button, legend, h1, h2, p, li, summary")];
    const wide = boxes.filter(
      ({ clientWidth, scrollWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1,
    );
    return wide.map(({ outerHTML }) => outerHTML.slice(0, 120));
  });
}

/** What a person could not tell from the page around it where the system has taken all backgrounds away. */
function edgeless({ page }: FormOnStage): Promise<readonly string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll("input, select, button")].filter((one) =>
      one.checkVisibility(),
    );
    const lost = controls.filter((one) => {
      const { borderTopStyle, borderTopWidth, appearance } = getComputedStyle(one);
      return appearance === "none" && (borderTopStyle === "none" || borderTopWidth === "0px");
    });
    return lost.map(({ outerHTML }) => outerHTML.slice(0, 120));
  });
}

describe("form's looks", function () {
  this.timeout(60_000);
  let stage: FormStage;

  before(async () => {
    stage = await FormStage.open();
  });
  after(() => stage.close());

  const themes = isThorough ? themeNames : themeNames.filter((name) => name !== "highContrastLight");
  for (const theme of themes) {
    for (const [face, show] of Object.entries(faces)) {
      it(`breaks none of axe-core's rules when ${face}, in ${theme}`, async () => {
        for (const width of [400, 1280]) {
          const form = await stage.newForm({ theme, width });
          await show(form, (text) => text);
          await form.shoot(`${face}-${theme}-${width}`);
          // Themes change only colours.
          const rules = theme === "dark" || isThorough ? undefined : ["color-contrast"];
          assert.deepEqual(await form.faults(rules), [], String(width));
          assert.deepEqual(form.complaints, []);
          await form.page.context().close();
        }
      });
    }
  }

  /** Those with the most words speak for the others. */
  const speaking = isThorough ? Object.keys(faces) : ["apiToken", "failed"];
  for (const [face, show] of Object.entries(faces)) {
    it(`fits 320 pixels when ${face}: a window of 1280 at 400 %`, async () => {
      const spoken = speaking.includes(face) ? (["German", "Japanese"] as const) : [];
      for (const language of [undefined, ...spoken]) {
        const l10nContents = language && translation(language);
        const form = await stage.newForm({ width: 320, ...(l10nContents && { l10nContents }) });
        await show(form, (text) => l10nContents?.[text] ?? text);
        await form.shoot(`${face}-narrow${language ?? ""}`);
        assert.deepEqual(await tooWide(form), [], language);
        await form.page.context().close();
      }
    });
  }

  for (const [face, show] of Object.entries(faces)) {
    it(`keeps every box and button in sight with forced colours when ${face}`, async () => {
      const form = await stage.newForm();
      await form.page.emulateMedia({ forcedColors: "active" });
      await show(form, (text) => text);
      await form.shoot(`${face}-forcedColors`);
      assert.deepEqual(await edgeless(form), []);
      await form.page.context().close();
    });
  }
});
