import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../src/errors";
import { prepareCloneFolder, safeFolderName } from "../../src/flows/clone/cloneFolder";

const names: readonly (readonly [name: string, folder: string])[] = [
  ["payments", "payments"],
  ["Payments.API", "Payments.API"],
  [".github", ".github"],
  ["my tools", "my-tools"],
  ["a:b", "a-b"],
  ["a/../../b", "a-..-..-b"],
  ["back\\slash", "back-slash"],
  ["con", "con_"],
  ["NUL.js", "NUL_.js"],
  ["com1", "com1_"],
  ["console", "console"],
  ["dots...", "dots"],
  ["space ", "space-"],
  ["..", "repository"],
  ["", "repository"],
  [".git", "git"],
  ["tab\there", "tab-here"],
];

describe("the folder of a clone", () => {
  let parent: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "clone-folder-"));
  });
  afterEach(() => {
    rmSync(parent, { recursive: true });
  });

  for (const [name, folder] of names) {
    it(`is ${JSON.stringify(folder)} for a repository named ${JSON.stringify(name)}`, () => {
      assert.equal(safeFolderName(name), folder);
    });
  }

  it("is refused where something stands, with a free name to use instead", async () => {
    for (const name of ["payments", "payments-2"]) mkdirSync(join(parent, name));
    writeFileSync(join(parent, "payments", "mine.txt"), "mine");
    writeFileSync(join(parent, "payments-2", "mine.txt"), "mine");
    await assert.rejects(prepareCloneFolder(parent, "payments"), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.code, "DirectoryNotEmpty");
      assert.match(error.message, /payments-3/);
      assert.deepEqual(error.fixes[0]?.kind === "retry" && error.fixes[0].change, { name: "payments-3" });
      return true;
    });
    assert.equal(readFileSync(join(parent, "payments", "mine.txt"), "utf8"), "mine");
  });

  it("may be there and empty, and takes what was cloned", async () => {
    mkdirSync(join(parent, "payments"));
    const folder = await prepareCloneFolder(parent, "payments");
    mkdirSync(folder.temporary);
    writeFileSync(join(folder.temporary, "file"), "");
    await folder.place();
    assert.deepEqual(readdirSync(parent), ["payments"]);
    assert.ok(existsSync(join(parent, "payments", "file")));
  });

  it("takes the parents away that were made for it, and no others", async () => {
    mkdirSync(join(parent, "mine"));
    const folder = await prepareCloneFolder(join(parent, "mine", "deep", "deeper"), "payments");
    mkdirSync(folder.temporary);
    await folder.remove();
    assert.deepEqual(readdirSync(parent, { recursive: true }), ["mine"]);
  });

  it("is swept of what a killed editor left there, and of nothing else", async () => {
    const dead = spawnSync("true").pid;
    const mine = [
      ".payments.cloning-1-zz",
      `.payments.cloning-${process.pid}-0123abcd`,
      `.site.cloning-${dead}-0123abcd`,
    ];
    for (const name of [...mine, `.payments.cloning-${dead}-0123abcd`]) mkdirSync(join(parent, name));
    await prepareCloneFolder(parent, "payments");
    assert.deepEqual(readdirSync(parent).sort(), [...mine].sort());
  });

  it("is refused below a file, in words", async () => {
    writeFileSync(join(parent, "file"), "");
    await assert.rejects(prepareCloneFolder(join(parent, "file", "sub"), "payments"), {
      code: "DirectoryNotEmpty",
    });
  });
});
