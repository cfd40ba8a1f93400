import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAddress, readRemoteUrl } from "../../src/bitbucket/address";
import { readSshNames } from "../../src/git/sshNames";

const plain = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };

describe("what a person's SSH calls Bitbucket", () => {
  const homeBefore = process.env["HOME"];
  let home: string;
  let file: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "ssh-"));
    process.env["HOME"] = home;
    mkdirSync(join(home, ".ssh"));
    file = join(home, ".ssh", "config");
  });
  afterEach(() => {
    if (homeBefore !== undefined) process.env["HOME"] = homeBefore;
    rmSync(home, { recursive: true });
  });
  const names = () => [...readSshNames("bitbucket.org")];

  const configs: readonly [what: string, text: string, names: readonly string[]][] = [
    ["a name", "Host work\n  HostName bitbucket.org\n  User git\n", ["work"]],
    ["several names, in any case", "HOST Work play\n\thostname=BITBUCKET.org\n", ["work", "play"]],
    ["the other door", 'Host "alt"\n  HostName "altssh.bitbucket.org"\n  Port 443\n', ["alt"]],
    ["another host's names", "Host hub\n  HostName github.com\nHost bb\n  HostName bitbucket.org\n", ["bb"]],
    ["no look-alike", "Host evil\n  HostName bitbucket.org.evil.tld\n", []],
    ["no look-alike of another alphabet", "Host evil\n  HostName bitbuc\u212Aet.org\n", []],
    ["no pattern", "Host * !x work?\n  HostName bitbucket.org\n", []],
    ["nothing that only a command tells", 'Match exec "true"\n  HostName bitbucket.org\n', []],
    ["no comment", "# Host old\n#  HostName bitbucket.org\n", []],
  ];
  for (const [what, text, expected] of configs) {
    it(`is ${what}`, () => {
      writeFileSync(file, text);
      assert.deepEqual(names(), expected);
    });
  }

  it("stands in included files too, and is read again when they change", () => {
    mkdirSync(join(home, ".ssh", "config.d"));
    writeFileSync(file, "Include config.d/*.conf ~/.ssh/more\nInclude config\n");
    assert.deepEqual(names(), []);
    writeFileSync(join(home, ".ssh", "config.d", "a.conf"), "Host one\n  HostName bitbucket.org\n");
    writeFileSync(join(home, ".ssh", "more"), "Host two\n  HostName bitbucket.org\n");
    assert.deepEqual([...new Set(names())].sort(), ["one", "two"]);
  });

  it("is none without the file", () => {
    assert.deepEqual(names(), []);
  });

  it("makes a remote and a pasted address Bitbucket's, and no other host's", () => {
    const site = { ...plain, sshNames: new Set(["work"]) };
    const repository = { workspace: "acme", slug: "payments" };
    for (const url of ["git@work:acme/payments.git", "ssh://git@work/acme/payments"]) {
      assert.deepEqual(readRemoteUrl(url, site).repository, repository, url);
      assert.deepEqual(parseAddress(url, site).repository, repository, url);
      assert.equal(readRemoteUrl(url, plain).repository, undefined, url);
    }
    assert.equal(readRemoteUrl("https://work/acme/payments.git", site).repository, undefined);
  });
});
