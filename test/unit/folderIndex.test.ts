import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderIndex } from "../../src/credentials/folderIndex";

describe("the list of names beside SecretStorage", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "index-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("can be read while another window takes names away", async () => {
    const [ours, theirs] = [new FolderIndex(folder), new FolderIndex(folder)];
    const names = Array.from({ length: 200 }, (_, index) => `name-${index}`);
    for (const name of ["stays", ...names]) await ours.add(name);
    let isRemoving = true;
    const removing = Promise.all(names.map((name) => theirs.remove(name))).finally(
      () => (isRemoving = false),
    );
    let reads = 0;
    for (; isRemoving; reads++) assert.ok((await ours.list()).includes("stays"));
    await removing;
    assert.ok(reads > 0);
    assert.deepEqual(await ours.list(), ["stays"]);
  });
});
