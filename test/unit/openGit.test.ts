import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpenGit } from "../../src/git/openGit";

/** What git does, as a shell says it, and what its caller is told. */
const ends: readonly (readonly [what: string, script: string, told: RegExp | undefined, output?: string])[] =
  [
    ["answers", "echo yes", undefined, "yes\n"],
    ["answers and warns", "echo yes; echo careful >&2", undefined, "yes\n"],
    ["says nothing and is content", "exit 0", undefined, ""],
    ["fails with words", "echo 'fatal: no' >&2; exit 128", /^fatal: no/],
    ["fails with words where answers go", "echo CONFLICT; exit 1", /^CONFLICT/],
    ["fails without a word", "exit 1", /^\s*git ended with exit code 1$/],
    ["dies without a word", "kill -KILL $$", /^\s*git was ended by the system$/],
    [
      "dies in mid-sentence",
      "echo 'RPC failed; Connection reset by peer' >&2; kill -PIPE $$",
      /^RPC failed.*\n+git was ended by the system$/,
    ],
  ];

describe("A git that", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "open-git-"));
  });
  after(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  for (const [index, [what, script, told, output]] of ends.entries()) {
    it(`${what} is ${told ? "an error" : "a success"}`, async () => {
      const binary = join(dir, `git-${index}`);
      writeFileSync(binary, `#!/bin/sh\n${script}\n`);
      chmodSync(binary, 0o755);
      const run = createOpenGit(binary)({ dir }).raw(["status"]);
      if (told) await assert.rejects(run, ({ message }: Error) => told.test(message));
      else assert.equal(await run, output);
    });
  }
});
