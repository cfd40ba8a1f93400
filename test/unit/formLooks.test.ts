import assert from "node:assert/strict";
import type { MessageToForm } from "../../src/protocol/formMessages";
import { FormStage, sampleState, themeNames, type FormOnStage } from "./formStage";

const secret = "ATCTT3xFfGN0QmVlcEJvb3A9PXNlY3JldC1vZi1hLXRlc3Q=A1B2C3D4";
const apiSecret = "ATATT3xFfGF0QmVlcEJvb3A9PXNlY3JldC1vZi1hLXRlc3Q=0A1B2C3D";

type Steps = Extract<MessageToForm, { type: "progress" }>["steps"];

const labels = [
  ["check", "Check the repository"],
  ["verify", "Verify the token with Bitbucket"],
  ["store", "Keep the token in VS Code's secret storage"],
  ["remote", "Set the remote"],
  ["credentials", "Let git use the token"],
  ["address", "Set the commit e-mail"],
  ["push", "Push the branch"],
] as const;

function steps(...states: readonly Steps[number]["state"][]): Steps {
  return labels.map(([id, label], index) => ({ id, label, state: states[index] ?? "waiting" }));
}

async function fillIn(form: FormOnStage): Promise<void> {
  await form.send({ type: "state", state: sampleState, values: {} });
  await form.paste(
    "Access token",
    `git clone https://x-token-auth:${secret}@bitbucket.org/acme/payments.git
git config user.email f00ba4@bots.bitbucket.org`,
  );
}

async function connect(form: FormOnStage): Promise<void> {
  await fillIn(form);
  await form.page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Every face of the form, by what a person would call it. */
const faces: Readonly<Record<string, (form: FormOnStage) => Promise<void>>> = {
  empty: (form) => form.send({ type: "state", state: sampleState, values: {} }),
  filled: fillIn,
  apiToken: async (form) => {
    await fillIn(form);
    await form.paste("Access token", apiSecret);
    await form.page.getByText("More scopes").click();
    await form.page.getByLabel("Expires").selectOption("date");
  },
  problems: async (form) => {
    await form.send({ type: "state", state: sampleState, values: {} });
    await form.page.getByLabel("Commit e-mail").fill("nobody");
    await form.page.getByRole("button", { name: "Connect", exact: true }).click();
  },
  conflict: async (form) => {
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
    await form.page.getByLabel("Repository", { exact: true }).fill("acme/payments");
    await form.page.getByLabel("Remote", { exact: true }).fill("origin");
    await form.page.getByLabel("Branch to push").selectOption("release/2026");
  },
  running: async (form) => {
    await connect(form);
    await form.send({ type: "progress", steps: steps("done", "done", "done", "running") });
  },
  failed: async (form) => {
    await connect(form);
    await form.send({
      type: "progress",
      steps: steps("undone", "done", "undone", "undone", "undone", "skipped", "failed"),
    });
    const message =
      "This token lacks repository:write for acme/payments. Create one with it: scopes of a token can't be changed.";
    await form.send({ type: "failed", message, field: "token", fixes: ["Open token page"], tokenKept: true });
  },
  connected: async (form) => {
    await connect(form);
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

describe("form's looks", function () {
  this.timeout(60_000);
  let stage: FormStage;

  before(async () => {
    stage = await FormStage.open();
  });
  after(() => stage.close());

  const themes = process.env["THOROUGH"]
    ? themeNames
    : themeNames.filter((name) => name !== "highContrastLight");
  for (const theme of themes) {
    for (const [face, show] of Object.entries(faces)) {
      it(`breaks none of axe-core's rules when ${face}, in ${theme}`, async () => {
        const form = await stage.newForm({ theme });
        await show(form);
        await form.shoot(`${face}-${theme}`);
        // Themes change colours alone.
        assert.deepEqual(await form.faults(theme === "dark" ? undefined : ["color-contrast"]), []);
        assert.deepEqual(form.complaints, []);
        await form.page.context().close();
      });
    }
  }

  for (const [face, show] of Object.entries(faces)) {
    it(`fits 320 pixels when ${face}`, async () => {
      const form = await stage.newForm({ width: 320 });
      await show(form);
      await form.shoot(`${face}-narrow`);
      const overflow = await form.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      await form.page.context().close();
    });
  }
});
