import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEnvironmentToken } from "../../src/credentials/environmentToken";

const access = `ATCTT3xFfGN0${"a1B2".repeat(12)}=0123ABCD`;
const api = `ATATT3xFfGF0${"a1B2".repeat(12)}=0123ABCD`;

describe("a token in the environment (P31)", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "environment-"));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it("is read from BITBUCKET_TOKEN", async () => {
    const token = await readEnvironmentToken({ BITBUCKET_TOKEN: `${access}\n` });
    assert.equal(token?.secret, access);
    assert.equal(token.kind, "repository");
  });

  it("is read from the file that BITBUCKET_TOKEN_FILE names, anew each time", async () => {
    const file = join(dir, "token");
    writeFileSync(file, access);
    assert.equal((await readEnvironmentToken({ BITBUCKET_TOKEN_FILE: file }))?.secret, access);
    writeFileSync(file, api);
    const token = await readEnvironmentToken({
      BITBUCKET_TOKEN_FILE: file,
      BITBUCKET_ACCOUNT: "ada@example.com",
    });
    assert.deepEqual([token?.secret, token?.kind, token?.account], [api, "api", "ada@example.com"]);
  });

  it("may stand beside its account, and an empty variable leaves it to the file", async () => {
    const token = await readEnvironmentToken({ BITBUCKET_TOKEN: `me@corp.example:${api}` });
    assert.deepEqual([token?.secret, token?.account], [api, "me@corp.example"]);
    const file = join(dir, "token");
    writeFileSync(file, `x-token-auth:${access}\n`);
    const ofFile = await readEnvironmentToken({ BITBUCKET_TOKEN: "", BITBUCKET_TOKEN_FILE: file });
    assert.deepEqual([ofFile?.secret, ofFile?.account], [access, undefined]);
  });

  it("is absent where the file is a pipe, a folder or huge, at once", async () => {
    const [pipe, huge] = [join(dir, "pipe"), join(dir, "huge")];
    if (process.platform !== "win32") execFileSync("mkfifo", [pipe]);
    writeFileSync(huge, access.repeat(1000));
    for (const file of [pipe, dir, huge])
      assert.equal(await readEnvironmentToken({ BITBUCKET_TOKEN_FILE: file }), undefined);
  });

  it("is absent where neither says one", async () => {
    assert.equal(await readEnvironmentToken({}), undefined);
    assert.equal(await readEnvironmentToken({ BITBUCKET_TOKEN: " " }), undefined);
    assert.equal(await readEnvironmentToken({ BITBUCKET_TOKEN_FILE: join(dir, "none") }), undefined);
  });

  it("counts as absent where it is none: the variable may be another tool's", async () => {
    for (const text of ["hunter2", "two words that are long enough", `ATBB${"x".repeat(30)}`])
      assert.equal(await readEnvironmentToken({ BITBUCKET_TOKEN: text }), undefined);
  });
});
