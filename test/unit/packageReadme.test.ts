import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { commandIds, type CommandName } from "../../src/commands/ids";
import { errorKinds } from "../../src/errors";
import { projectRoot } from "../host/places.mjs";
import { manifest, read, readme, words } from "./packageFiles";

/** What each command's argument is called in arguments.ts. */
const schemas: Partial<Readonly<Record<CommandName, string>>> = {
  connectRepository: "connectArgument",
  cloneRepository: "cloneArgument",
  publishRepository: "publishArgument",
  checkConnection: "checkArgument",
  addToken: "addArgument",
  replaceToken: "replaceArgument",
  disconnectRepository: "disconnectArgument",
  connectAll: "connectAllArgument",
  setUpGit: "setUpArgument",
  push: "pushArgument",
  openOnBitbucket: "openArgument",
  copyLink: "openArgument",
};

describe("the README", () => {
  const reference = read("docs/commands.md");
  const titles = manifest.contributes.commands.map(({ title }) => words[title.slice(1, -1)]);

  it("tells of every setting with its default, and of no other", () => {
    const rows = tableUnder("## Settings").map(([name, value]) => [unquoted(name), unquoted(value)]);
    const settings = Object.entries(manifest.contributes.configuration.properties);
    assert.deepEqual(
      rows,
      settings.map(([name, setting]) => [name, String(setting.default)]),
    );
  });

  it("tells of every way that git gets the token", () => {
    const rows = tableUnder("## Where your token is").map(([value]) => unquoted(value));
    const setting = manifest.contributes.configuration.properties["bitbucketConnect.gitAccess"];
    assert.deepEqual(rows, setting?.enum);
  });

  it("calls commands by their titles", () => {
    const called = [...readme.matchAll(/\*\*Bitbucket: ([^*]+)\*\*/g)].map(([, title]) => title);
    assert.ok(called.length > 5);
    assert.deepEqual(
      called.filter((title) => !titles.includes(title)),
      [],
    );
  });

  it("tells of arguments that commands take", () => {
    const rows = tableUnder("# Commands for keybindings", reference);
    const described = rows.map(([id, argument]) => [unquoted(id), keysIn(argument)] as const);
    assert.ok(described.length > 3);
    for (const [id, keys] of described) assert.deepEqual(keys.filter(isForeignTo(id)), [], id);
    const further = reference.slice(reference.indexOf("Further keys:"));
    const [connect = "", replace = "", disconnect = ""] = further.split(/`bitbucketConnect\.\w+` takes|\n\n/);
    for (const [name, text] of [
      ["connectRepository", connect.replace(/\([^)]*\)/g, "")],
      ["replaceToken", replace],
      ["disconnectRepository", disconnect],
    ] as const) {
      const keys = [...text.matchAll(/`(\w+)`/g)].map(([, key = ""]) => key);
      assert.ok(keys.length > 1, name);
      assert.deepEqual(keys.filter(isForeignTo(commandIds[name])), [], name);
    }
  });

  it("tells of every error code", () => {
    const rows = tableUnder("## Error codes", reference).map(([code]) => unquoted(code));
    assert.deepEqual(rows, [...errorKinds]);
  });

  it("links and shows only what is there", () => {
    const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    assert.ok(targets.includes("media/form.png"));
    for (const target of targets) {
      if (target.startsWith("https://")) continue;
      assert.ok(existsSync(join(projectRoot, target.replace(/#.*$/, ""))), target);
    }
  });
});

/** The cells of the first table under a heading, without its head. */
function tableUnder(heading: string, page = readme): readonly (readonly string[])[] {
  const from = `\n${page}`.indexOf(`\n${heading}`);
  assert.ok(from >= 0, heading);
  const [table = ""] = /(?:^\|.*\n)+/m.exec(page.slice(from)) ?? [];
  const rows = table.trim().split("\n").slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function unquoted(cell = ""): string {
  return cell.replaceAll("`", "");
}

/** `{ folder?, branch? }` */
function keysIn(argument = ""): readonly string[] {
  const [, inside = ""] = /\{([^}]*)\}/.exec(argument) ?? [];
  return inside.split(",").map((key) => key.trim().replace("?", ""));
}

function isForeignTo(id: string): (key: string) => boolean {
  const name = Object.entries(schemas).find(([command]) => commandIds[command as CommandName] === id)?.[1];
  const source = read("src/commands/arguments.ts");
  const [, body = ""] = new RegExp(`const ${name} = v\\.object\\(\\{(.*?)\\}\\);`, "s").exec(source) ?? [];
  const keys = new Set([...body.matchAll(/(\w+): v?\.?/g)].map(([, key]) => key));
  assert.ok(keys.size > 0, `no argument of ${id}`);
  return (key) => !keys.has(key);
}
