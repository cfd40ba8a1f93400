import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandIds } from "../../src/commands/ids";
import {
  readExpiryReminderDays,
  readGitAccess,
  readSite,
  readStatusBar,
  readUseBotEmail,
  settingNames,
  type SettingName,
} from "../../src/settings";
import { projectRoot } from "../host/places.mjs";
import { sourceFiles } from "../sources/readSources";
import { manifest, manifestText, read, readme, words } from "./packageFiles";

/** As design.md fixes them; other extensions, keybindings and people's memory rely on both. */
const titles: Readonly<Record<keyof typeof commandIds, string>> = {
  connectRepository: "Connect repository",
  cloneRepository: "Clone repository",
  publishRepository: "Publish repository",
  checkConnection: "Check connection",
  addToken: "Add token",
  manageTokens: "Manage tokens",
  replaceToken: "Replace token",
  disconnectRepository: "Disconnect repository",
  connectAll: "Connect all repositories",
  setUpGit: "Set up Git for Bitbucket",
  push: "Push",
  pushOther: "Push another branch or with tags",
  openOnBitbucket: "Open on Bitbucket",
  copyLink: "Copy link",
  showLog: "Show log",
};

/** Names of ours that the manifest doesn't contribute: the form's kind of webview. */
const uncontributed = ["bitbucketConnect.form"];

describe("the manifest", () => {
  const { contributes } = manifest;
  const ids = Object.values<string>(commandIds);
  const settings = contributes.configuration.properties;
  const whens = [
    ...Object.values(contributes.menus).flat(),
    ...contributes.viewsWelcome,
    ...contributes.commands.map(({ enablement }) => ({ when: enablement })),
  ].flatMap(({ when }) => when ?? []);
  const events = contributes.walkthroughs.flatMap(({ steps }) => steps).flatMap(eventsOf);
  const onContext = events.filter((event) => event.startsWith("onContext:"));
  const contextKeys = [...whens, ...onContext].flatMap(ownNames);
  const code = sourceFiles(projectRoot, ["src"]).map((file) => read(file));

  it("contributes exactly the commands that have code, all under “Bitbucket”, with their fixed titles", () => {
    const contributed = contributes.commands.map(({ command, title, category }) => [
      command,
      category,
      words[title.slice(1, -1)],
    ]);
    const expected = Object.entries(commandIds).map(([name, id]) => [
      id,
      "Bitbucket",
      titles[name as keyof typeof commandIds],
    ]);
    assert.deepEqual(contributed.sort(), expected.sort());
  });

  it("leaves each of them in the palette: what a command isn't given, it asks", () => {
    // The palette sorts by title: with nothing to check yet, “bitbucket connect” must not find a check first (U10).
    const hidden = contributes.menus["commandPalette"]?.map(({ command }) => command);
    assert.deepEqual(hidden, [commandIds.checkConnection, commandIds.connectAll]);
  });

  it("has menus of commands and submenus that are there, and shows each submenu", () => {
    const entries = Object.values(contributes.menus).flat();
    const named = entries.flatMap(({ command }) => command ?? []);
    assert.deepEqual(
      named.filter((command) => !ids.includes(command)),
      [],
    );
    const submenus = contributes.submenus.map(({ id }) => id);
    assert.deepEqual([...new Set(entries.flatMap(({ submenu }) => submenu ?? []))], submenus);
    const own = Object.keys(contributes.menus).filter((menu) => menu.startsWith("bitbucketConnect."));
    assert.deepEqual(own, submenus);
  });

  it("shows it on the row of each repository that is on Bitbucket, whichever is active", () => {
    for (const menu of ["scm/title", "scm/sourceControl"])
      assert.deepEqual(
        contributes.menus[menu]?.map(({ when }) => when),
        ["scmProvider == git && scmProviderRootUri in bitbucketConnect.roots"],
      );
  });

  it("names no command, setting or context key that isn't there, and the code none either", () => {
    const known = new Set([...ids, ...Object.keys(settings), ...contextKeys, ...uncontributed]);
    const submenus = contributes.submenus.map(({ id }) => id);
    for (const text of [...code, ...Object.values(words), readme])
      assert.deepEqual(
        ownNames(text).filter((name) => !known.has(name)),
        [],
      );
    assert.deepEqual(
      ownNames(manifestText).filter((name) => !known.has(name) && !submenus.includes(name)),
      [],
    );
  });

  it("asks only for context keys that the code sets", () => {
    const set = code.filter((text) => text.includes('"setContext"')).flatMap(ownNames);
    assert.deepEqual([...new Set(contextKeys)].sort(), [...new Set(set)].sort());
  });

  it("has walkthrough steps with a picture that is there, words for it and an end", () => {
    for (const { steps } of contributes.walkthroughs)
      for (const step of steps) {
        assert.ok(existsSync(join(projectRoot, step.media.image)), step.media.image);
        assert.ok(step.media.altText && step.title && step.description);
        const commands = eventsOf(step).flatMap((event) => /^onCommand:(.*)$/.exec(event)?.[1] ?? []);
        assert.ok(eventsOf(step).length > 0, step.id);
        assert.ok(commands.every((command) => ids.includes(command)));
      }
  });

  it("has walkthrough steps that end with what they are about, however it was done", () => {
    // A command that the status bar, a link or our own code runs passes by `onCommand`.
    const keys = { connect: "isConnected", push: "hasPushed", clone: "hasCloned", tokens: undefined };
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    assert.deepEqual(
      steps.map(({ id }) => id),
      Object.keys(keys),
    );
    for (const step of steps) {
      const key = keys[step.id as keyof typeof keys];
      // The second is for a page that is opened afterwards; see contextKeys.ts.
      const ends = [
        `bitbucketConnect.${key}`,
        `bitbucketConnect.${key} && activeEditor == gettingStartedPage`,
      ];
      assert.deepEqual(
        eventsOf(step).filter((event) => event.startsWith("onContext:")),
        key ? ends.map((end) => `onContext:${end}`) : [],
      );
    }
  });

  it("contributes exactly the settings that the code reads, each described", () => {
    const contributed = Object.keys(settings);
    assert.deepEqual(contributed.sort(), settingNames.map((name) => `bitbucketConnect.${name}`).sort());
    for (const setting of Object.values(settings)) {
      assert.ok(setting.markdownDescription);
      assert.equal(setting.enumItemLabels?.length, setting.enum?.length);
      assert.equal(setting.markdownEnumDescriptions?.length, setting.enum?.length);
    }
  });

  it("has the defaults that the code falls back to, and only choices that the code knows", () => {
    const unset = () => undefined;
    const site = readSite(unset);
    const fallbacks: Readonly<Record<SettingName, unknown>> = {
      webUrl: site.webUrl,
      apiUrl: site.apiUrl,
      gitAccess: readGitAccess(unset),
      useBotEmail: readUseBotEmail(unset),
      statusBar: readStatusBar(unset),
      expiryReminderDays: readExpiryReminderDays(unset),
    };
    for (const [name, fallback] of Object.entries(fallbacks))
      assert.equal(settings[`bitbucketConnect.${name}`]?.default, fallback, name);
    for (const value of settings["bitbucketConnect.gitAccess"]?.enum ?? [])
      assert.equal(
        readGitAccess(() => value),
        value,
      );
  });

  it("lets no workspace say where a token goes, nor put it in plain text without trust", () => {
    for (const name of ["webUrl", "apiUrl"])
      assert.equal(settings[`bitbucketConnect.${name}`]?.scope, "machine");
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.equal(untrustedWorkspaces.supported, "limited");
    assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, ["bitbucketConnect.gitAccess"]);
    assert.equal(virtualWorkspaces.supported, "limited");
    assert.ok(untrustedWorkspaces.description && virtualWorkspaces.description);
  });

  it("has words for every %key%, and no words that nothing uses", () => {
    const used = [...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(words).sort());
    const { displayName, contributes: said } = manifest;
    const fixed = [displayName, said.configuration.title, ...said.submenus.map(({ label }) => label)];
    assert.deepEqual(fixed, ["Connect for Bitbucket", "Connect for Bitbucket", "Bitbucket"]);
  });

  it("starts on what the code waits for", () => {
    assert.deepEqual(manifest.activationEvents, ["onStartupFinished", "onUri"]);
    assert.ok(code.some((text) => text.includes("registerUriHandler")));
  });

  it("asks for no older editor than the types that it is compiled with", () => {
    const types = JSON.parse(read("node_modules/@types/vscode/package.json")) as { readonly version: string };
    const oldest = manifest.engines.vscode.replace(/^\^/, "");
    assert.ok(oldest.localeCompare(types.version, "en", { numeric: true }) >= 0, types.version);
  });
});

describe("the manifest for the marketplace", () => {
  it("has a square picture of 128 pixels or more", () => {
    const picture = readFileSync(join(projectRoot, manifest.icon));
    assert.equal(picture.toString("latin1", 1, 4), "PNG");
    const [width, height] = [picture.readUInt32BE(16), picture.readUInt32BE(20)];
    assert.ok(width >= 128 && width === height, `${width} × ${height}`);
  });

  it("is found by what people look for, within the 30 words that count", () => {
    assert.deepEqual(manifest.categories, ["SCM Providers"]);
    assert.ok(manifest.keywords.length <= 30);
    assert.equal(new Set(manifest.keywords).size, manifest.keywords.length);
    for (const word of ["bitbucket", "access token", "git"])
      assert.ok(manifest.keywords.includes(word), word);
  });

  it("costs nothing, and its banner fits the picture", () => {
    assert.equal(manifest.pricing, "Free");
    assert.match(manifest.galleryBanner.color, /^#[0-9a-f]{6}$/);
    assert.equal(manifest.galleryBanner.theme, "dark");
  });

  it("names no page that isn't there: there is no public repository, and nobody to answer questions", () => {
    for (const key of ["repository", "bugs", "homepage"]) assert.ok(!(key in manifest), key);
    assert.equal(manifest.qna, false);
  });
});

/** Everything of ours that a text names in full: `bitbucketConnect.push`. */
function ownNames(text: string): string[] {
  return text.match(/\bbitbucketConnect\.[A-Za-z]\w*/g) ?? [];
}

function eventsOf(step: { readonly completionEvents: readonly string[] }): readonly string[] {
  return step.completionEvents;
}
