import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal, type NewJournalEntry } from "../../src/flows/connect/journal";

const entry: NewJournalEntry = {
  webUrl: "https://bitbucket.org",
  workspace: "acme",
  slug: "pay",
  remote: "origin",
  remoteIsNew: true,
  gitAccess: "vscode",
  edits: [],
};

describe("the journal of a connect", () => {
  let commonDir: string;
  let outside: string;
  beforeEach(() => {
    commonDir = mkdtempSync(join(tmpdir(), "journal-"));
    outside = join(mkdtempSync(join(tmpdir(), "outside-")), "profile");
    writeFileSync(outside, "precious");
  });
  afterEach(() => {
    rmSync(commonDir, { recursive: true });
    rmSync(join(outside, ".."), { recursive: true });
  });

  it("goes by no link that somebody put in the repository", async () => {
    const files = ["config", "journal"].map((name) => join(commonDir, `bitbucket-connect.${name}`));
    for (const file of files) {
      symlinkSync(outside, file);
      symlinkSync(outside, `${file}.${process.pid}`);
    }
    const journal = new Journal(commonDir, () => Promise.resolve(true));
    assert.ok(await journal.begin(entry, "[core]\n"));
    assert.equal(readFileSync(outside, "utf8"), "precious");
    assert.equal(readFileSync(files[0] ?? "", "utf8"), "[core]\n");
    await journal.end();
  });

  it("leaves nothing unfinished behind, whether it begins or is too late", async () => {
    const [first, second] = [
      new Journal(commonDir, () => Promise.resolve(true)),
      new Journal(commonDir, () => Promise.resolve(true)),
    ];
    const begun = await Promise.all([first.begin(entry, ""), second.begin(entry, "")]);
    assert.equal(begun.filter(Boolean).length, 1);
    assert.deepEqual(readdirSync(commonDir).sort(), [
      "bitbucket-connect.config",
      "bitbucket-connect.journal",
    ]);
    await first.end();
    await second.end();
  });

  for (const [when, act] of [
    ["the next start", (journal: Journal) => journal.findAbandoned()],
    ["the next connect", (journal: Journal) => journal.begin(entry, "").then(() => journal.end())],
  ] as const) {
    it(`clears at ${when} what a killed editor had half written, and nothing else`, async () => {
      const kept = ["bitbucket-connect.config.0000000000ff", "bitbucket-connect.config.bak", "config"];
      const folder = "bitbucket-connect.journal.aaaaaaaaaaaa";
      const left = ["config", "journal", "recovery"].map((name) => `bitbucket-connect.${name}.0123456789ab`);
      for (const name of [...kept, ...left]) writeFileSync(join(commonDir, name), "");
      mkdirSync(join(commonDir, folder));
      const hourAgo = new Date(Date.now() - 60 * 60 * 1000);
      // The first is being written at this moment.
      for (const name of [...kept.slice(1), ...left, folder])
        utimesSync(join(commonDir, name), hourAgo, hourAgo);
      await act(new Journal(commonDir, () => Promise.resolve(true)));
      assert.deepEqual(readdirSync(commonDir).sort(), [...kept, folder].sort());
    });
  }
});
