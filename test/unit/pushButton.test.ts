import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { daysLeft } from "../../src/flows/tokens/expiryReminder";
import { bitbucketRemotes, findPushRoute } from "../../src/flows/push/pushTarget";
import type { RemoteReading } from "../../src/git/remoteReading";
import { toLook, withCounts, type PushButtonState, type TokenFacts } from "../../src/ui/push/pushButton";
import { StatusBarRefresh } from "../../src/ui/push/statusBarRefresh";

const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
const calmToken: TokenFacts = { kind: "repository", daysLeft: 90, isRefused: false };
const calm: PushButtonState = {
  repository: { workspace: "acme", slug: "payments" },
  remote: "origin",
  displayUrl: "https://bitbucket.org/acme/payments.git",
  others: [],
  elsewhere: undefined,
  branch: "main",
  target: "main",
  hasCommits: true,
  upstream: "origin/main",
  ahead: 0,
  behind: 0,
  isPublished: true,
  isCountedByEditor: true,
  commitAddress: "bot@bots.bitbucket.org",
  isTokensAddress: true,
  token: calmToken,
  isTokenLost: false,
  holdsToken: false,
};
const look = (changes: Partial<PushButtonState> = {}) => toLook({ ...calm, ...changes }, 14);
const fact = (changes: Partial<PushButtonState>, name: string) =>
  look(changes).facts.find(([one]) => one === name)?.[1];

describe("the push button", () => {
  it("names the repository and counts what is to push and what is incoming", () => {
    assert.equal(look({ ahead: 2, behind: 1 }).text, "$(cloud-upload) acme/payments ↑2 ↓1");
    assert.equal(look({ ahead: 2 }).text, "$(cloud-upload) acme/payments ↑2");
    assert.equal(look().text, "$(cloud-upload) acme/payments");
  });

  it("says it in words too", () => {
    assert.equal(
      look({ ahead: 2, behind: 1 }).label,
      "Push to acme/payments: branch main, 2 to push, 1 incoming.",
    );
    assert.equal(look().label, "Push to acme/payments: branch main, nothing to push.");
  });

  it("offers to replace a token that ends, and no other", () => {
    const token = { kind: "repository", daysLeft: 3, isRefused: false } as const;
    assert.equal(look({ token }).tokenToReplace, "acme/payments");
    assert.equal(look({ token: { ...token, daysLeft: 300 } }).tokenToReplace, undefined);
  });

  it("shows the branch on Bitbucket where that has another name", () => {
    assert.match(look({ branch: "feature" }).text, / → main$/);
    assert.doesNotMatch(look({}).text, /→/);
  });

  it("says that a branch without an upstream is not published, and counts nothing for it", () => {
    const unpublished = { upstream: undefined, isPublished: false };
    assert.equal(look(unpublished).text, "$(cloud-upload) acme/payments unpublished branch");
    assert.equal(
      look(unpublished).label,
      "Push to acme/payments: branch main, not published yet. main doesn't track a branch yet. The first push sets it.",
    );
    assert.equal(fact(unpublished, "Commits"), "counted once the branch is published");
    const empty = { ...unpublished, hasCommits: false };
    assert.equal(look(empty).text, "$(cloud-upload) acme/payments");
    assert.equal(look(empty).label, "Push to acme/payments: branch main, nothing to push.");
    assert.equal(fact({}, "Commits"), "0 to push, 0 incoming");
    assert.equal(fact({ branch: undefined, upstream: undefined }, "Commits"), undefined);
  });

  const usual: readonly [string, Partial<PushButtonState>, RegExp][] = [
    ["no upstream", { upstream: undefined, isPublished: false }, /doesn't track a branch yet/],
    ["no branch", { branch: undefined }, /No branch is checked out/],
  ];
  for (const [name, changes, words] of usual) {
    it(`notes ${name} without colour, which is left to what is wrong`, () => {
      const { label, notes, warnings } = look(changes);
      assert.equal(notes.length, 1);
      assert.match(notes[0] ?? "", words);
      assert.match(label, words);
      assert.deepEqual(warnings, []);
      const expired = look({ ...changes, token: { ...calmToken, daysLeft: -1 } });
      assert.equal(expired.warnings.length, 1);
    });
  }

  it("is calm where nothing is wrong", () => {
    assert.deepEqual([look().notes, look().warnings], [[], []]);
    assert.deepEqual(look({ token: undefined }).warnings, []);
    assert.deepEqual(look({ token: { ...calmToken, kind: "api", daysLeft: undefined } }).warnings, []);
  });

  const wrongs: readonly [string, Partial<PushButtonState>, RegExp][] = [
    ["an expired token", { token: { ...calmToken, daysLeft: -1 } }, /token expired/],
    ["a token that the editor lost", { isTokenLost: true }, /Connect again/],
    ["a token in a remote's URL", { holdsToken: true }, /in plain text/],
    ["a refused token", { token: { ...calmToken, isRefused: true } }, /rejected the token/],
    ["a token that expires today", { token: { ...calmToken, daysLeft: 0 } }, /expires soon/],
    ["a token near its end", { token: { ...calmToken, daysLeft: 14 } }, /expires soon/],
    ["an address that is not the token's", { isTokensAddress: false }, /email isn't the one/],
  ];
  for (const [name, changes, words] of wrongs) {
    it(`warns of ${name}`, () => {
      const { warnings } = look(changes);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", words);
    });
  }

  it("waits with the warning until the reminder's day", () => {
    assert.deepEqual(look({ token: { ...calmToken, daysLeft: 15 } }).warnings, []);
  });

  it("does not speak of a missing upstream before the first commit", () => {
    assert.deepEqual(look({ upstream: undefined, hasCommits: false }).notes, []);
  });

  it("takes new counts at once, and leaves all else to be read again", () => {
    const upstream = { remote: "origin", name: "main" };
    const HEAD = { name: "main", commit: "1".repeat(40), upstream, ahead: 2, behind: 1 };
    assert.deepEqual(withCounts(calm, HEAD), { ...calm, ahead: 2, behind: 1 });
    assert.deepEqual(withCounts({ ...calm, ahead: 2 }, { ...HEAD, ahead: 0, behind: 0 }), calm);
    const others = [
      { ...HEAD, name: "feature" },
      { ...HEAD, upstream: { ...upstream, remote: "fork" } },
      { name: "main", commit: HEAD.commit },
      undefined,
    ];
    for (const other of others) assert.equal(withCounts(calm, other), undefined);
  });

  it("tells remote, branch, commit address, the token's kind and its days", () => {
    assert.equal(fact({}, "Remote"), "origin, https://bitbucket.org/acme/payments.git");
    assert.equal(fact({}, "Branch"), "main, tracks origin/main");
    assert.equal(fact({}, "Commit e-mail"), "bot@bots.bitbucket.org");
    assert.equal(fact({ commitAddress: undefined }, "Commit e-mail"), "not set");
    assert.equal(fact({}, "Token"), "repository access token, 90 days left");
    const tomorrow = { token: { ...calmToken, daysLeft: 1 } };
    assert.equal(fact(tomorrow, "Token"), "repository access token, expires tomorrow");
    assert.equal(fact({ token: { ...calmToken, kind: "api", daysLeft: -3 } }, "Token"), "API token, expired");
    assert.equal(fact({ token: undefined }, "Token"), "none stored");
  });

  it("counts the last day as a day that the token works", () => {
    const noon = Date.parse("2026-11-24T12:00:00Z");
    assert.equal(daysLeft("2026-11-24", noon), 0);
    assert.equal(daysLeft("2026-11-25", noon), 1);
    assert.equal(daysLeft("2026-11-23", noon), -1);
    assert.equal(daysLeft(undefined, noon), undefined);
    assert.equal(daysLeft("soon", noon), undefined);
  });
});

describe("where the button pushes to", () => {
  const remote = (name: string, ...urls: string[]) => ({ name, fetchUrl: urls[0] ?? "", pushUrls: urls });
  const elsewhere = remote("origin", "https://github.com/acme/payments.git");
  const bitbucket = remote("bb", "https://x-token-auth:s3cret@bitbucket.org/acme/payments.git");
  const fork = remote("fork", "git@bitbucket.org:ada/payments.git");
  const route = (remotes: readonly RemoteReading[], pushRemote?: string) =>
    findPushRoute(
      { remotes, settings: [] },
      pushRemote === undefined ? undefined : { pushRemote, pushUrls: [] },
      site,
    );

  it("is where Git pushes the branch, where that is on Bitbucket", () => {
    assert.equal(route([bitbucket, fork], "fork").target?.remote, "fork");
    assert.equal(route([bitbucket, fork], "fork").elsewhere, undefined);
  });

  it("is a remote on Bitbucket otherwise, and Git's own choice is told", () => {
    const { target, elsewhere: own } = route([elsewhere, bitbucket], "origin");
    assert.equal(target?.remote, "bb");
    assert.deepEqual(own, { remote: "origin", displayUrl: "https://github.com/acme/payments.git" });
  });

  it("is none where no remote is on Bitbucket, look-alikes included", () => {
    const lookAlikes = [
      "https://bitbucket.org.evil.tld/a/b",
      "https://evilbitbucket.org/a/b",
      "/srv/a/b.git",
    ];
    const remotes = lookAlikes.map((url, n) => remote(`r${n}`, url));
    assert.equal(route([elsewhere, ...remotes]).target, undefined);
  });

  it("goes by the push URLs, names each, and shows no secret", () => {
    const both = { ...elsewhere, pushUrls: [...bitbucket.pushUrls, ...fork.pushUrls] };
    const [found] = bitbucketRemotes([both], site);
    assert.equal(found?.displayUrl, "https://bitbucket.org/acme/payments.git");
    assert.deepEqual(found.others, ["git@bitbucket.org:ada/payments.git"]);
  });
});

describe("refreshing the button", () => {
  it("answers a burst of a thousand events with a refresh or two, and keeps nothing of it", async () => {
    let runs = 0;
    const refresh = new StatusBarRefresh(
      async () => {
        runs++;
        await delay(5);
      },
      (error) => {
        throw error;
      },
    );
    for (let n = 0; n < 1000; n++) refresh.request();
    await delay(60);
    for (let n = 0; n < 1000; n++) refresh.request();
    await delay(60);
    assert.equal(runs, 2);
    refresh.dispose();
  });

  it("never leaves a state out: what comes while it runs is looked at again", async () => {
    const seen: number[] = [];
    let state = 0;
    const refresh = new StatusBarRefresh(
      async () => {
        const now = state;
        await delay(20);
        seen.push(now);
      },
      () => undefined,
      1,
    );
    state = 1;
    refresh.request();
    await delay(10);
    state = 2;
    refresh.request();
    for (let waits = 0; seen.at(-1) !== 2 && waits < 100; waits++) await delay(20);
    assert.equal(seen.at(-1), 2);
    refresh.dispose();
  });

  it("goes on after a refresh that failed, and stops when disposed", async () => {
    const errors: unknown[] = [];
    let runs = 0;
    const refresh = new StatusBarRefresh(
      () => {
        runs++;
        return Promise.reject(new Error("gone"));
      },
      (error) => errors.push(error),
      1,
    );
    refresh.request();
    await delay(20);
    refresh.request();
    await delay(20);
    refresh.dispose();
    refresh.request();
    await delay(20);
    assert.deepEqual([runs, errors.length], [2, 2]);
  });
});
