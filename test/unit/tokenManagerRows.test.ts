import assert from "node:assert/strict";
import type { TokenCheck } from "../../src/flows/tokens/checkKeptToken";
import type { TokenDescription } from "../../src/flows/tokens/describeTokens";
import { dateProblem, toExpiryRows } from "../../src/ui/tokens/tokenManagerExpiry";
import { toTokenRow } from "../../src/ui/tokens/tokenManagerRows";
import { tokenPage } from "../../src/ui/tokens/tokenManagerWords";

describe("a row of the token manager", () => {
  const calm: TokenDescription = {
    id: "id",
    source: "stored",
    kind: "repository",
    account: undefined,
    webUrl: "https://bitbucket.org",
    isElsewhere: false,
    scopes: ["Repositories: Read"],
    repositories: [{ workspace: "acme", slug: "payments" }],
    workspaces: ["acme"],
    isAdded: false,
    folders: [],
    places: [{ kind: "secretStorage" }],
    expires: "2026-12-04",
    daysLeft: 90,
    isRefused: false,
    savedAt: new Date(2026, 10, 24),
  };
  const acme = (...slugs: string[]) => slugs.map((slug) => ({ workspace: "acme", slug }));
  const row = (
    changes: Partial<TokenDescription>,
    checked: readonly TokenCheck["checks"][number]["outcome"][] = [],
  ) => {
    const checks = checked.map((outcome) => ({
      repository: { workspace: "acme", slug: "payments" },
      outcome,
      message: undefined,
    }));
    const known = new Map(checked.length > 0 ? [["id", { checkedAt: new Date(), checks }]] : []);
    return toTokenRow({ ...calm, ...changes }, { checks: known, reminderDays: 14, language: "en" });
  };

  const labels: readonly [Partial<TokenDescription>, string][] = [
    [{}, "Repository access token for acme/payments"],
    [{ kind: "project", repositories: acme("a", "b") }, "Project access token in acme"],
    [{ kind: "workspace", repositories: acme("a", "b") }, "Workspace access token for acme"],
    [{ kind: "api", account: "ada@example.com" }, "API token of ada@example.com"],
    [{ kind: "api" }, "API token"],
    [{ kind: "repository", repositories: [], workspaces: [] }, "Repository access token"],
    [{ kind: "workspace", repositories: [], workspaces: [] }, "Workspace access token"],
    [
      { kind: "workspace", repositories: [], workspaces: ["acme", "globex"] },
      "Workspace access token for acme and globex",
    ],
    [{ source: "environment" }, "Access token from the environment"],
  ];
  for (const [changes, label] of labels) {
    it(`is named “${label}”`, () => {
      assert.equal(row(changes).label, label);
    });
  }

  const expiries: readonly [Partial<TokenDescription>, string, string][] = [
    [{ daysLeft: 90 }, "expires in 90 days", "key"],
    [{ daysLeft: 12 }, "expires in 12 days", "warning"],
    [{ daysLeft: 1 }, "expires tomorrow", "warning"],
    [{ daysLeft: 0 }, "expires today", "warning"],
    [{ daysLeft: -1 }, "expired on Dec 4, 2026", "error"],
    [{ daysLeft: undefined, expires: undefined }, "expiry unknown", "key"],
    [{ isRefused: true }, "rejected by Bitbucket · expires in 90 days", "error"],
  ];
  for (const [changes, words, icon] of expiries) {
    it(`says “${words}”`, () => {
      assert.equal(row(changes).description, words);
      assert.equal(row(changes).icon, icon);
    });
  }

  it("tells the worst of what the last check found", () => {
    assert.equal(row({}, ["pushes"]).icon, "pass");
    assert.equal(row({}, ["pushes", "gone"]).icon, "warning");
    assert.match(row({}, ["pushes", "gone"]).description ?? "", /repository missing/);
    assert.equal(row({}, ["refused"]).icon, "error");
    assert.match(row({}, ["offline"]).description ?? "", /can't be reached/);
  });

  it("names the repositories and scopes, the first ones where there are many", () => {
    const { detail } = row({ kind: "workspace", repositories: acme("a", "b", "c", "d", "e") });
    assert.equal(detail, "acme/a, acme/b, acme/c and 2 more · Repositories: Read");
    assert.equal(
      row({ repositories: [], workspaces: [], scopes: [] }).detail,
      "not used by a repository here · scopes unknown",
    );
  });

  it("offers the lifetimes of Bitbucket's page from the day it was saved, a date, or none", () => {
    const choices = toExpiryRows(calm, "en").map((one) => one.choice);
    assert.deepEqual(choices, [
      ...["2027-02-22", "2027-05-23", "2027-11-24"].map((expires) => ({ kind: "day", expires })),
      { kind: "date" },
      { kind: "day", expires: undefined },
    ]);
  });

  for (const [text, isDate] of [
    ["2027-05-31", true],
    [" 2027-05-31 ", true],
    ["2027-02-30", false],
    ["31.5.2027", false],
    ["", false],
  ] as const) {
    it(`takes ${JSON.stringify(text)} for ${isDate ? "a" : "no"} date`, () => {
      assert.equal(dateProblem(text) === undefined, isDate);
    });
  }

  it("leads to the page where that kind of token is rotated", () => {
    const site = { webUrl: "https://bitbucket.org", apiUrl: "https://api.bitbucket.org/2.0" };
    const page = (kind: TokenDescription["kind"]) => tokenPage(site, { ...calm, kind });
    assert.equal(page("repository"), "https://bitbucket.org/acme/payments/admin/access-tokens");
    assert.equal(page("workspace"), "https://bitbucket.org/acme/workspace/settings/access-tokens");
    assert.equal(page("api"), "https://id.atlassian.com/manage-profile/security/api-tokens");
    assert.equal(tokenPage(site, { ...calm, repositories: [] }), undefined);
  });
});
