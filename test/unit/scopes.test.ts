import assert from "node:assert/strict";
import {
  effectiveScopes,
  extraScopes,
  missingScopes,
  parseScopesHeader,
  purposes,
  scopeNames,
  scopes,
} from "../../src/bitbucket/scopes";

const read = "read:repository:bitbucket";
const write = "write:repository:bitbucket";

describe("the catalogue of scopes", () => {
  it("has Bitbucket's labels in Bitbucket's order", () => {
    assert.deepEqual(
      scopes.map((scope) => `${scope.label()} ${scope.id}`),
      [
        "Repositories: Read repository",
        "Repositories: Write repository:write",
        "Repositories: Admin repository:admin",
        "Repositories: Delete repository:delete",
        "Pull requests: Read pullrequest",
        "Pull requests: Write pullrequest:write",
        "Webhooks: Read and write webhook",
        "Pipelines: Read pipeline",
        "Pipelines: Write pipeline:write",
        "Pipelines: Edit variables pipeline:variable",
        "Runners: Read runner",
        "Runners: Write runner:write",
        "Projects: Read project",
        "Projects: Admin project:admin",
        "Account: Read account",
      ],
    );
  });

  it("says in a sentence what each gives and doesn't", () => {
    for (const scope of scopes) {
      for (const sentence of [scope.gives(), scope.givesNot()]) {
        if (sentence !== undefined) assert.match(sentence, /^[A-Z].{5,120}\.$/);
      }
    }
  });

  it("names API scopes as Atlassian does", () => {
    for (const name of scopes.flatMap((scope) => scope.apiScopes)) {
      assert.match(name, /^(read|write|admin|delete):[a-z]+:bitbucket$/);
    }
  });

  it("has scopes for each purpose, none of them twice", () => {
    const ids = scopes.map((scope) => scope.id);
    assert.equal(new Set(purposes.map((purpose) => purpose.id)).size, purposes.length);
    for (const purpose of purposes) {
      assert.ok(purpose.label().length > 0);
      for (const id of purpose.scopes) assert.ok(ids.includes(id));
    }
  });
});

describe("parseScopesHeader", () => {
  const headers: readonly (readonly [header: string | undefined, scopes: readonly string[]])[] = [
    [undefined, []],
    ["", []],
    [" , ", []],
    ["repository", ["repository"]],
    ["repository:write, pullrequest", ["repository:write", "pullrequest"]],
    ["repository:write,pullrequest", ["repository:write", "pullrequest"]],
    ["repository:write pullrequest  repository:write", ["repository:write", "pullrequest"]],
    [`${read}, ${write}`, [read, write]],
  ];
  for (const [header, expected] of headers) {
    it(`reads ${JSON.stringify(header)}`, () => {
      assert.deepEqual(parseScopesHeader(header), expected);
    });
  }
});

describe("effectiveScopes", () => {
  const closures: readonly (readonly [granted: readonly string[], effective: readonly string[]])[] = [
    [[], []],
    [["unknown"], []],
    [["repository:write"], ["repository", "repository:write"]],
    [["repository:admin"], ["repository:admin"]],
    [["repository:delete"], ["repository:delete"]],
    [["pullrequest"], ["repository", "pullrequest"]],
    [["pullrequest:write"], ["repository", "repository:write", "pullrequest", "pullrequest:write"]],
    [["pipeline:variable"], ["pipeline", "pipeline:variable"]],
    [["project"], ["repository", "project"]],
    [["project:admin"], ["project:admin"]],
    [[read], ["repository"]],
    [[write], []],
    [
      [read, write],
      ["repository", "repository:write"],
    ],
    [
      ["read:pullrequest:bitbucket", "write:pullrequest:bitbucket"],
      ["pullrequest", "pullrequest:write"],
    ],
  ];
  for (const [granted, effective] of closures) {
    it(`of ${granted.join(" ") || "nothing"} are ${effective.join(" ") || "none"}`, () => {
      assert.deepEqual(effectiveScopes(granted), effective);
    });
  }
});

describe("missingScopes", () => {
  it("is empty when a wider scope implies the wanted one", () => {
    assert.deepEqual(missingScopes(["repository:write"], ["repository"], "repository"), []);
    assert.deepEqual(missingScopes(["pullrequest:write"], ["repository:write"], "access"), []);
  });

  it("names what an access token lacks", () => {
    assert.deepEqual(missingScopes(["repository"], ["repository:write", "pipeline"], "project"), [
      "repository:write",
      "pipeline",
    ]);
    assert.deepEqual(missingScopes(["repository:admin"], ["repository"], "repository"), ["repository"]);
    assert.deepEqual(missingScopes(["repository"], [write], "repository"), ["repository:write"]);
  });

  it("names what an API token lacks, where writing doesn't imply reading", () => {
    assert.deepEqual(missingScopes([write], ["repository:write"], "api"), [read]);
    assert.deepEqual(missingScopes([read], ["repository:write"], "api"), [write]);
    assert.deepEqual(missingScopes([read, write], ["repository:write"], "api"), []);
    assert.deepEqual(missingScopes([], ["repository", "repository:write"], "api"), [read, write]);
  });

  it("understands an API token whose scopes are told in the older names", () => {
    assert.deepEqual(missingScopes(["repository:write"], ["repository:write"], "api"), []);
  });
});

describe("extraScopes", () => {
  it("is empty for what was asked and what that implies", () => {
    assert.deepEqual(extraScopes(["repository", "repository:write"], ["repository:write"], "access"), []);
    assert.deepEqual(extraScopes([read, write], ["repository:write"], "api"), []);
    assert.deepEqual(extraScopes(["repository"], ["pullrequest"], "repository"), []);
  });

  it("names the widest of what nobody asked for", () => {
    const granted = ["repository", "repository:write", "pullrequest", "pullrequest:write", "issue:write"];
    assert.deepEqual(extraScopes(granted, ["repository"], "access"), ["pullrequest:write", "issue:write"]);
    assert.deepEqual(extraScopes(["repository:write", "repository:admin"], ["repository:write"], "access"), [
      "repository:admin",
    ]);
    assert.deepEqual(extraScopes([read, write, "admin:repository:bitbucket"], ["repository"], "api"), [
      write,
      "admin:repository:bitbucket",
    ]);
  });
});

describe("scopeNames", () => {
  it("gives the names that each token page has", () => {
    const ids = ["repository", "repository:write", "new:scope"];
    assert.deepEqual(scopeNames(ids, "access"), ids);
    assert.deepEqual(scopeNames(ids, "api"), [read, write, "new:scope"]);
  });
});
