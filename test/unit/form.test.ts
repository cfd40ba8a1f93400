import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { formHtml } from "../../src/ui/connect/formHtml";
import { FormStage, sampleState, type FormOnStage } from "./formStage";

const secret = "ATCTT3xFfGN0QmVlcEJvb3A9PXNlY3JldC1vZi1hLXRlc3Q=A1B2C3D4";
const otherSecret = secret.replace("ATCTT3xFf", "ATCTT3xFg");
const apiSecret = "ATATT3xFfGF0QmVlcEJvb3A9PXNlY3JldC1vZi1hLXRlc3Q=0A1B2C3D";
const botEmail = "f00ba4@bots.bitbucket.org";
const everything = `Access token
${secret}
git clone https://x-token-auth:${secret}@bitbucket.org/acme/payments.git
git config user.email ${botEmail}`;
const github = {
  name: "origin",
  displayUrl: "https://github.com/ada/payments.git",
  renameTo: "origin-old",
  holdsToken: false,
};

describe("form", function () {
  this.timeout(60_000);
  let stage: FormStage;
  let form: FormOnStage;
  let page: Page;

  before(async () => {
    stage = await FormStage.open();
  });
  after(() => stage.close());

  async function open(state = sampleState): Promise<void> {
    form = await stage.newForm();
    page = form.page;
    await form.send({ type: "state", state, values: {} });
  }
  const box = (name: string) => page.getByLabel(name, { exact: true });
  const connect = () => page.getByRole("button", { name: "Connect", exact: true });

  afterEach(async () => {
    assert.deepEqual(form.complaints, []);
    await page.context().close();
  });

  /** Who creates a token unfolds what that takes. */
  async function unfold(...summaries: string[]): Promise<void> {
    for (const summary of summaries) await page.getByText(summary, { exact: true }).click();
  }

  async function fillIn(): Promise<void> {
    await box("Repository").fill("acme/payments");
    await box("Access token").fill(secret);
  }

  it("says that it is ready, and lets nothing be entered before it knows the repository", async () => {
    form = await stage.newForm();
    page = form.page;
    assert.deepEqual(form.posted, [{ type: "ready" }]);
    assert.ok(await box("Repository").isDisabled());
    assert.ok(await connect().isDisabled());
  });

  it("gives each field of design.md a name that finds it alone, even as part of a name", async () => {
    await open();
    await unfold("Create a token", "Everything…");
    const names = ["Repository", "Access token", "Commit e-mail", "Remote", "Branch to push"];
    for (const name of names) assert.equal(await page.getByLabel(name).count(), 1, name);
    const scopes = [
      "Repositories: Read",
      "Repositories: Write",
      "Pull requests: Read",
      "Pull requests: Write",
    ];
    for (const name of scopes) assert.equal(await page.getByRole("checkbox", { name }).count(), 1, name);
    assert.equal(await page.getByRole("button", { name: "Connect" }).count(), 1);
  });

  it("leaves the token to the one that is kept for the repository, or may reach it", async () => {
    await open({ ...sampleState, keptTokens: [{ kind: "workspace", repositories: ["acme/payments"] }] });
    await box("Repository").fill("acme/billing");
    await page.getByText("The token stored for acme/payments may have access too.").waitFor();
    await box("Repository").fill("other/billing");
    await page.getByText("Paste the token, or everything").waitFor();
    await connect().click();
    assert.equal(form.sent("connect").length, 0);
    await box("Repository").fill("acme/payments");
    await page.getByText("A token for acme/payments is stored.").waitFor();
    await connect().click();
    assert.equal(form.sent("connect")[0]?.values.token, "");
  });

  it("sends what was entered when Enter is pressed", async () => {
    await open();
    await fillIn();
    await box("Access token").press("Enter");
    assert.deepEqual(form.sent("connect")[0]?.values, {
      folder: "/home/ada/payments",
      repository: "acme/payments",
      tokenKind: "access",
      account: "",
      scopes: ["repository", "repository:write"],
      token: secret,
      email: "",
      remote: "origin",
      existingRemote: "ask",
      branch: "main",
      gitAccess: "vscode",
      expires: "",
    });
  });

  it("sends with Ctrl+Enter from any field, once", async () => {
    await open();
    await fillIn();
    await box("Branch to push").press("Control+Enter");
    await page.keyboard.press("Control+Enter");
    assert.equal(form.sent("connect").length, 1);
  });

  it("keeps nothing of the token after sending, not even for undo", async () => {
    await open();
    await box("Repository").fill("acme/payments");
    await box("Access token").pressSequentially(secret);
    await connect().click();
    await form.send({ type: "failed", message: "Bitbucket is away.", fixes: [], tokenKept: true });
    await box("Access token").focus();
    for (let i = 0; i < 5; i += 1) await page.keyboard.press("Control+z");
    assert.equal(await box("Access token").inputValue(), "");
    assert.ok(!(await page.content()).includes(secret));
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, history.state]));
    assert.ok(!stored.includes(secret));
  });

  it("masks the token and never has it in the page's HTML", async () => {
    await open();
    await form.paste("Access token", everything);
    assert.equal(await box("Access token").getAttribute("type"), "password");
    assert.ok(!(await page.content()).includes(secret));
    assert.ok(!(await page.locator("body").innerText()).includes(secret));
  });

  for (const [name, text] of [
    ["everything that Bitbucket showed", everything],
    ["a git clone line", `git clone https://x-token-auth:${secret}@bitbucket.org/acme/payments.git`],
    ["a remote's URL", `https://x-token-auth:${encodeURIComponent(secret)}@bitbucket.org/acme/payments.git`],
  ] as const) {
    for (const target of ["Access token", "Repository"]) {
      it(`takes ${name} apart when pasted into ${target}`, async () => {
        await open();
        await form.paste(target, text);
        assert.equal(await box("Access token").inputValue(), secret);
        assert.equal(await box("Repository").inputValue(), "acme/payments");
        assert.match(
          await page.locator(".pasted").innerText(),
          /the token(,| and) the repository acme\/payments/,
        );
      });
    }
  }

  it("takes a clone line apart that is filled in without a paste", async () => {
    await open();
    await box("Repository").fill(`git clone https://x-token-auth:${secret}@bitbucket.org/acme/payments.git`);
    assert.equal(await box("Repository").inputValue(), "acme/payments");
    assert.equal(await box("Access token").inputValue(), secret);
  });

  it("takes a clone line apart that is typed key by key, when its field is left", async () => {
    await open();
    await box("Repository").pressSequentially(
      `https://x-token-auth:${secret}@bitbucket.org/acme/payments.git`,
    );
    await page.keyboard.press("Tab");
    assert.equal(await box("Repository").inputValue(), "acme/payments");
    assert.equal(await box("Access token").inputValue(), secret);
  });

  it("proposes the bot's address of a paste, unless the setting says otherwise", async () => {
    await open();
    await form.paste("Access token", everything);
    assert.equal(await box("Commit e-mail").inputValue(), botEmail);
    await page.context().close();
    await open({ ...sampleState, useBotEmail: false });
    await form.paste("Access token", everything);
    assert.equal(await box("Commit e-mail").inputValue(), "");
  });

  it("echoes the repository as it understood it", async () => {
    await open();
    for (const text of [
      "acme/payments",
      "git@bitbucket.org:acme/payments.git",
      "https://bitbucket.org/acme/payments/src/main/",
    ]) {
      await box("Repository").fill(text);
      assert.ok(await page.getByText("acme/payments on bitbucket.org", { exact: true }).isVisible(), text);
    }
  });

  it("opens the token page of exactly that repository, once there is one", async () => {
    await open();
    await unfold("Create a token");
    const button = page.getByRole("button", { name: "Open token page" });
    assert.ok(await button.isDisabled());
    assert.ok(await page.getByText("Enter the repository first").isVisible());
    await box("Repository").fill("https://bitbucket.org/acme/payments");
    await button.click();
    assert.deepEqual(form.sent("openTokenPage"), [
      { type: "openTokenPage", repository: "acme/payments", tokenKind: "access" },
    ]);
  });

  it("opens the page that creates a repository, with the warning about README and .gitignore", async () => {
    await open();
    await page.getByRole("button", { name: "Create repository on Bitbucket" }).click();
    assert.equal(form.sent("openCreatePage").length, 1);
    assert.ok(await page.getByText("Create it without README and .gitignore").isVisible());
  });

  it("ticks the scopes that a preset takes, and lists them", async () => {
    await open();
    await unfold("Create a token", "Everything…");
    await box("Pull requests").check();
    assert.ok(await box("Pull requests: Write").isChecked());
    assert.ok(await box("Pull requests: Read").isChecked());
    const summary = await page.locator(".scopes-to-tick").innerText();
    assert.match(summary, /Scopes to select on Bitbucket: .*Pull requests: Write/);
  });

  it("unticks Write with Read, as Write includes it, and says that pushing needs it", async () => {
    await open();
    await unfold("Create a token", "Everything…");
    await box("Repositories: Read").uncheck();
    assert.equal(await box("Repositories: Write").isChecked(), false);
    assert.equal(await box("Clone and push").isChecked(), false);
    assert.ok(await page.getByText("Pushing requires a token with Repositories: Write").isVisible());
  });

  it("shows API names and asks for the account with an API token, known by its first letters", async () => {
    await open();
    await box("Repository").fill("acme/payments");
    await form.paste("Access token", apiSecret);
    await unfold("Create a token");
    assert.ok(await page.getByRole("radio", { name: "API token" }).isChecked());
    assert.match(
      await page.locator(".scopes-to-tick").innerText(),
      /read:repository:bitbucket, write:repository:bitbucket/,
    );
    await connect().click();
    assert.equal(form.sent("connect").length, 0);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "account");
    await box("Atlassian account email").fill("ada@example.com");
    await connect().click();
    const values = form.sent("connect")[0]?.values;
    assert.deepEqual([values?.tokenKind, values?.account], ["api", "ada@example.com"]);
  });

  it("answers an app password with how to move on", async () => {
    await open();
    await box("Repository").fill("acme/payments");
    await box("Access token").fill("ATBBa1b2c3d4e5f6g7h8i9j0k1l2m3n4");
    await connect().click();
    assert.equal(form.sent("connect").length, 0);
    assert.ok(await page.locator("#token-error").getByText("app password").isVisible());
  });

  it("ties each problem to its field and puts the keyboard at the first", async () => {
    await open();
    await box("Remote").fill("two words");
    await connect().click();
    assert.equal(form.sent("connect").length, 0);
    for (const name of ["Repository", "Access token", "Remote"]) {
      assert.equal(await box(name).getAttribute("aria-invalid"), "true");
      const [error = ""] = ((await box(name).getAttribute("aria-describedby")) ?? "").split(" ");
      assert.notEqual(await page.locator(`#${error}`).innerText(), "");
    }
    assert.equal(await page.evaluate(() => document.activeElement?.id), "repository");
    assert.match(await page.getByRole("alert").innerText(), /Correct 3 fields/);
  });

  it("names the current branch plainly and warns of another", async () => {
    await open();
    const chosen = box("Branch to push").locator("option:checked");
    assert.equal(await chosen.innerText(), "main (current branch)");
    await box("Branch to push").selectOption("feature/refunds");
    assert.ok(await page.getByText("You’re on main, but feature/refunds will be pushed.").isVisible());
    await fillIn();
    await box("Branch to push").selectOption({ label: "Don’t push yet" });
    await connect().click();
    assert.equal(form.sent("connect")[0]?.values.branch, "");
  });

  it("offers no branch where there is no commit", async () => {
    await open({ ...sampleState, branches: [] });
    assert.deepEqual(await box("Branch to push").locator("option").allInnerTexts(), ["Don’t push yet"]);
    assert.ok(await page.getByText("This repository doesn't have a commit yet").isVisible());
  });

  for (const [choice, remote, existingRemote] of [
    [undefined, "bitbucket", "ask"],
    ["Replace its URL", "origin", "replace"],
    ["Rename it to origin-old and create origin", "origin", "rename"],
  ] as const) {
    it(`sends ${remote}, ${existingRemote} when origin is taken and ${choice ?? "nothing"} is chosen`, async () => {
      await open({ ...sampleState, remotes: [github], freeRemote: "bitbucket" });
      await fillIn();
      assert.equal(await box("Remote").inputValue(), "bitbucket");
      await box("Remote").fill("origin");
      if (choice) await box(choice).check();
      await connect().click();
      const values = form.sent("connect")[0]?.values;
      assert.deepEqual([values?.remote, values?.existingRemote], [remote, existingRemote]);
    });
  }

  it("proposes repository and remote where one points there already, and tells of the token in its URL", async () => {
    const upstream = {
      name: "upstream",
      displayUrl: "https://bitbucket.org/acme/payments.git",
      repository: "acme/payments",
      renameTo: "upstream-old",
      holdsToken: true,
    };
    await open({ ...sampleState, remotes: [github, upstream], freeRemote: "bitbucket" });
    assert.equal(await box("Repository").inputValue(), "acme/payments");
    assert.equal(await box("Remote").inputValue(), "upstream");
    assert.ok(await page.getByText("Its URL contains a token in plain text").isVisible());
    await box("Repository").fill("acme/other");
    assert.equal(await box("Remote").inputValue(), "bitbucket");
  });

  it("keeps what was typed when the repository changes underneath", async () => {
    await open();
    await box("Repository").fill("acme/payments");
    await box("Remote").fill("cloud");
    await box("Branch to push").selectOption("release/2026");
    await form.send({
      type: "state",
      state: { ...sampleState, currentBranch: "feature/refunds" },
      values: {},
    });
    assert.equal(await box("Repository").inputValue(), "acme/payments");
    assert.equal(await box("Remote").inputValue(), "cloud");
    assert.equal(await box("Branch to push").inputValue(), "release/2026");
  });

  it("asks for the folder only where there are several, and starts over with another", async () => {
    await open();
    assert.equal(await box("Folder").isVisible(), false);
    await page.context().close();
    const folders = [...sampleState.folders, { path: "/home/ada/site", name: "site" }];
    await open({ ...sampleState, folders });
    await box("Repository").fill("acme/payments");
    await box("Folder").selectOption("site");
    assert.deepEqual(form.sent("chooseFolder"), [{ type: "chooseFolder", folder: "/home/ada/site" }]);
    assert.equal(await box("Repository").inputValue(), "");
  });

  it("counts the days until a token expires from today", async () => {
    await open();
    await fillIn();
    await box("Expires").selectOption("365");
    await connect().click();
    const days = (Date.parse(form.sent("connect")[0]?.values.expires ?? "") - Date.now()) / 86_400_000;
    assert.ok(days > 363 && days < 366, String(days));
  });

  it("warns of the token in plain text before the remote's URL may hold it", async () => {
    await open();
    await page.getByText("More", { exact: true }).click();
    await page.getByRole("radio", { name: "in plain text" }).check();
    assert.ok(await page.getByText("The token is stored in plain text in .git/config").isVisible());
    assert.ok(await page.getByRole("radio", { name: "credential helper" }).isDisabled());
  });

  it("shows each step as it goes, disables the fields and cancels once", async () => {
    await open();
    await fillIn();
    await connect().click();
    await form.send({
      type: "progress",
      steps: [
        { id: "check", label: "Check the repository", state: "done" },
        { id: "verify", label: "Verify the token", state: "running", detail: "bitbucket.org" },
        { id: "store", label: "Keep the token", state: "waiting" },
      ],
    });
    const steps = page.getByRole("list", { name: "Progress" }).getByRole("status");
    assert.deepEqual(
      (await steps.allInnerTexts()).map((text) => text.replace(/\s+/g, " ")),
      ["Check the repository done", "Verify the token running bitbucket.org", "Keep the token waiting"],
    );
    assert.ok(await box("Repository").isDisabled());
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    assert.equal(form.sent("cancel").length, 1);
    await form.send({ type: "cancelled", tokenKept: true });
    assert.ok(await connect().isEnabled());
    assert.equal(await box("Repository").inputValue(), "acme/payments");
    assert.ok(await page.getByText("Changes undone").isVisible());
  });

  it("shows a failure at its field with its buttons, and takes the kept token for the next try", async () => {
    await open();
    await fillIn();
    await connect().click();
    const message = "This token can't access a repository named acme/payments.";
    const fixes = ["Open on Bitbucket", "Try again"];
    await form.send({ type: "failed", message, field: "repository", fixes, tokenKept: true });
    assert.equal(await page.getByRole("alert").innerText(), message);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "repository");
    assert.equal(await box("Repository").getAttribute("aria-invalid"), "true");
    assert.match(
      (await box("Access token").getAttribute("placeholder")) ?? "",
      /Stored from the last attempt/,
    );
    await page.getByRole("button", { name: "Try again" }).click();
    assert.deepEqual(
      form.sent("fix").map(({ index, values }) => [index, values.repository, values.token]),
      [[1, "acme/payments", ""]],
    );
    await connect().click();
    assert.equal(form.sent("connect")[1]?.values.token, "");
  });

  it("has a failure's button repeat what it holds by then, and forgets the token once that begins", async () => {
    await open();
    await fillIn();
    await connect().click();
    await form.send({ type: "failed", message: "Offline.", fixes: ["Try again"], tokenKept: true });
    await box("Repository").fill("acme/billing");
    await box("Access token").fill(otherSecret);
    await page.getByRole("button", { name: "Try again" }).click();
    assert.deepEqual(
      form.sent("fix").map(({ values }) => [values.repository, values.token]),
      [["acme/billing", otherSecret]],
    );
    await form.send({ type: "progress", steps: [] });
    assert.equal(await box("Access token").inputValue(), "");
  });

  it("tells the extension once that something was entered", async () => {
    await open();
    assert.equal(form.sent("edited").length, 0);
    await fillIn();
    assert.equal(form.sent("edited").length, 1);
  });

  it("closes on Esc, and over typed text only on the second", async () => {
    await open();
    await page.keyboard.press("Escape");
    assert.equal(form.sent("close").length, 1);
    await box("Repository").fill("acme/payments");
    await page.keyboard.press("Escape");
    assert.equal(form.sent("close").length, 1);
    assert.ok(await page.getByText("Press Esc again to close").isVisible());
    await page.keyboard.press("Escape");
    assert.equal(form.sent("close").length, 2);
  });

  it("ends with what was reached and where to go", async () => {
    await open();
    await fillIn();
    await connect().click();
    const notes = ["The token may do more than asked for: webhook."];
    await form.send({ type: "connected", message: "Connected to acme/payments.", notes });
    assert.ok(await page.getByText(notes[0] ?? "").isVisible());
    assert.equal(await box("Repository").isVisible(), false);
    assert.deepEqual(await page.getByRole("heading").allInnerTexts(), ["Connected to acme/payments."]);
    await page.getByRole("button", { name: "Open on Bitbucket" }).click();
    await page.getByRole("button", { name: "Close" }).click();
    assert.deepEqual(form.posted.slice(-2), [{ type: "openRepositoryPage" }, { type: "close" }]);
  });

  it("shows why nothing can be connected, and its button", async () => {
    await open({ ...sampleState, obstacle: { message: "git is missing. Install it.", fixes: ["Get git"] } });
    assert.equal(await connect().count(), 0);
    await page.getByRole("button", { name: "Get git" }).click();
    assert.deepEqual(
      form.sent("fix").map(({ index }) => index),
      [0],
    );
    await form.send({ type: "state", state: sampleState, values: {} });
    assert.ok(await connect().isEnabled());
  });

  it("speaks the editor's language", async () => {
    form = await stage.newForm({ l10nContents: { Connect: "Verbinden", Remote: "</script><b>" } });
    page = form.page;
    assert.ok(await page.getByRole("button", { name: "Verbinden" }).isVisible());
    assert.equal(await page.getByLabel("</script><b>").count(), 1);
  });

  it("drops messages that aren't the extension's", async () => {
    await open();
    await page.evaluate(() => {
      window.postMessage({ type: "fill", values: { repository: 7 } }, "*");
      window.postMessage("<img>", "*");
    });
    assert.equal(await box("Repository").inputValue(), "");
  });

  for (const [name, text] of [
    ["everything that Bitbucket showed", everything],
    ["a page's URL", "https://bitbucket.org/acme/payments/src/main/"],
  ] as const) {
    it(`takes ${name} that is pasted where no text box has the keyboard`, async () => {
      await open();
      await page.getByText("Create a token", { exact: true }).focus();
      await page.evaluate((pasted) => {
        const target = document.activeElement;
        target?.dispatchEvent(new KeyboardEvent("keydown", { key: "v", ctrlKey: true, bubbles: true }));
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", pasted);
        const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
        document.activeElement?.dispatchEvent(event);
      }, text);
      assert.equal(await box("Repository").inputValue(), "acme/payments");
      assert.equal(await box("Access token").inputValue(), text === everything ? secret : "");
      assert.equal(await page.evaluate(() => document.activeElement?.id), "token");
    });
  }

  it("begins at the first that is missing, and at Connect where nothing is", async () => {
    const focused = () =>
      page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
    await open();
    assert.equal(await focused(), "repository");
    await page.context().close();
    const remotes = [
      { ...github, displayUrl: "https://bitbucket.org/acme/payments.git", repository: "acme/payments" },
    ];
    await open({ ...sampleState, remotes });
    assert.equal(await focused(), "token");
    await page.context().close();
    await open({
      ...sampleState,
      remotes,
      keptTokens: [{ kind: "workspace", repositories: ["acme/billing"] }],
    });
    assert.equal(await focused(), "Connect");
    await page.keyboard.press("Enter");
    assert.equal(form.sent("connect")[0]?.values.token, "");
  });

  it("says by whom the next commit will be, with the other choice one click away", async () => {
    await open({ ...sampleState, author: { name: "Ada", email: "ada@example.com" } });
    assert.ok(await page.getByText("Next commit by Ada <ada@example.com>.").isVisible());
    await form.paste("Access token", everything);
    assert.ok(await page.getByText(`Next commit by Ada <${botEmail}>.`).isVisible());
    await page.getByRole("button", { name: "Use ada@example.com" }).click();
    assert.ok(await page.getByText("Next commit by Ada <ada@example.com>.").isVisible());
    assert.equal(await box("Commit e-mail").inputValue(), "");
    await page.getByRole("button", { name: `Use ${botEmail}` }).click();
    assert.equal(await box("Commit e-mail").inputValue(), botEmail);
  });

  it("says that author.email outweighs a commit email", async () => {
    await open({ ...sampleState, author: { name: "Ada", email: "ada@example.com" }, isAuthorFixed: true });
    await form.paste("Access token", everything);
    assert.ok(await page.getByText("Next commit by Ada <ada@example.com>, as author.email").isVisible());
  });

  it("says of the steps after a failure that they are not started", async () => {
    await open();
    await fillIn();
    await connect().click();
    await form.send({
      type: "progress",
      steps: [
        { id: "check", label: "Check the repository", state: "done" },
        { id: "verify", label: "Verify the token", state: "failed" },
        { id: "store", label: "Keep the token", state: "waiting" },
      ],
    });
    await form.send({ type: "failed", message: "Offline.", fixes: [], tokenKept: true });
    const steps = page.getByRole("list", { name: "Progress" }).getByRole("status");
    assert.deepEqual(await steps.allInnerTexts(), [
      "Check the repository done",
      "Verify the token failed",
      "Keep the token not started",
    ]);
  });

  it("takes at most eight presses of Tab to Connect", async () => {
    await open();
    await fillIn();
    await box("Repository").focus();
    let presses = 0;
    while (!(await connect().evaluate((button) => button === document.activeElement))) {
      await page.keyboard.press("Tab");
      presses += 1;
      assert.ok(presses <= 8, "more than eight");
    }
  });

  it("is read and reached by keyboard in one order", async () => {
    await open();
    await unfold("Create a token", "Everything…", "More");
    await box("Repository").fill("acme/payments");
    await box("Repository").focus();
    const tops: number[] = [];
    for (let i = 0; i < 60; i += 1) {
      await page.keyboard.press("Tab");
      const top = await page.evaluate(() => document.activeElement?.getBoundingClientRect().top ?? 0);
      tops.push(top + (await page.evaluate(() => window.scrollY)));
      if (await connect().evaluate((button) => button === document.activeElement)) break;
    }
    assert.ok(await connect().evaluate((button) => button === document.activeElement), "Connect is reached");
    assert.ok(tops.length > 15);
  });
});

describe("formHtml", () => {
  it("lets no setting break out of its place", () => {
    const html = formHtml({
      nonce: "n",
      cspSource: `https://x" onload="`,
      scriptUri: `"><script>`,
      styleUri: "s",
      lang: `"`,
      l10nContents: { a: "</script>" },
    });
    assert.equal(html.split("</script>").length, 3);
    assert.ok(!html.includes(`" onload`));
  });
});
