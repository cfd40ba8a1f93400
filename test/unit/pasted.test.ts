import assert from "node:assert/strict";
import { parseAddress, readRemoteUrl, tryParseAddress } from "../../src/bitbucket/address";
import { toSite } from "../../src/bitbucket/site";
import { parseSnippet } from "../../src/bitbucket/snippet";
import { hideTokens } from "../../src/bitbucket/token";

const site = toSite("https://bitbucket.org", "https://api.bitbucket.org/2.0");
const repository = { workspace: "acme", slug: "payments" };
const access = "ATCTT3xFfGN0abcdefghijklmnop_-qrstuv=0A1B2C3D";
const api = "ATATT3xFfGN0abcdefghijklmnop_-qrstuv=0A1B2C3D";
const me = "me@corp.example";
const basic = (user: string, token: string) => Buffer.from(`${user}:${token}`).toString("base64");
const url = "https://bitbucket.org/acme/payments.git";

/** What people paste where a repository or a token goes, and all that it says. */
const texts: readonly (readonly [text: string, says: object])[] = [
  [
    "https://bitbucket.org/acme/payments/branches/compare/feature%2Fx%0Dmain",
    { repository, branch: "feature/x" },
  ],
  [
    "https://bitbucket.org/acme/payments/branches/compare/feature%2Fx..main",
    { repository, branch: "feature/x" },
  ],
  [
    `curl -u ${me}:${api} https://api.bitbucket.org/2.0/repositories/acme/payments`,
    { repository, token: api, userName: me },
  ],
  [
    `curl --user ${me}:${api} https://api.bitbucket.org/2.0/repositories/acme/payments`,
    { repository, token: api, userName: me },
  ],
  [`curl --user=${me}:${api} https://api.bitbucket.org/2.0/user`, { token: api, userName: me }],
  [
    `curl -u${me}:${api} https://api.bitbucket.org/2.0/repositories/acme/payments/src/main/`,
    { repository, branch: "main", token: api, userName: me },
  ],
  [
    `curl -u '${me}:${encodeURIComponent(api)}' https://api.bitbucket.org/2.0/repositories/acme/payments`,
    { repository, token: api, userName: me },
  ],
  [
    `curl -H "Authorization: Bearer ${access}" https://api.bitbucket.org/2.0/repositories/acme/payments`,
    { repository, token: access },
  ],
  [
    `curl --header 'Authorization: Basic ${basic(me, api)}' https://api.bitbucket.org/2.0/repositories/acme/payments`,
    { repository, token: api, userName: me },
  ],
  [`Authorization: Basic ${basic("x-token-auth", access)}`, { token: access }],
  [
    `git+https://x-token-auth:${access}@bitbucket.org/acme/payments.git@main#egg=payments`,
    { repository, branch: "main", token: access },
  ],
  [
    `pip install git+https://x-token-auth:${access}@bitbucket.org/acme/payments.git@feature/x#egg=payments`,
    { repository, branch: "feature/x", token: access },
  ],
  ["git+https://bitbucket.org/acme/payments.git#semver:^1", { repository }],
  ["npm install git+https://bitbucket.org/acme/payments.git#develop", { repository, branch: "develop" }],
  ["git+ssh://git@bitbucket.org/acme/payments.git#semver:^1.2", { repository }],
  ["bitbucket:acme/payments", { repository }],
  ["npm i bitbucket:acme/payments#next", { repository, branch: "next" }],
  [`git push ${url} HEAD:main`, { repository }],
  [`git push ${url} +main`, { repository }],
  [`git push ${url} refs/heads/main`, { repository, branch: "main" }],
  ["https://x-token-auth:${BITBUCKET_TOKEN}@bitbucket.org/acme/payments.git", { repository }],
  ["https://x-token-auth:{access_token}@bitbucket.org/acme/payments.git", { repository }],
  ["https://x-token-auth:<token>@bitbucket.org/acme/payments.git", { repository }],
  ["https://x-token-auth:YOUR_TOKEN@bitbucket.org/acme/payments.git", { repository }],
  ["git clone https://x-token-auth:$BITBUCKET_TOKEN@bitbucket.org/acme/payments.git", { repository }],
  ["git clone https://x-token-auth:xxxxxxxxxxxxxxxx@bitbucket.org/acme/payments.git", { repository }],
  ["git clone https://jane:********@bitbucket.org/acme/payments.git", { repository }],
  [`BITBUCKET_TOKEN=${me}:${api}`, { token: api, userName: me }],
  [`export BITBUCKET_TOKEN="${me}:${api}"`, { token: api, userName: me }],
  [`$env:BITBUCKET_TOKEN = "${access}"`, { token: access }],
  [`set BITBUCKET_TOKEN=${access}`, { token: access }],
  [`PS C:\\> git clone ${url}`, { repository }],
  [`PS C:\\Users\\Jane Doe> git clone ${url}`, { repository }],
  [`C:\\Users\\me>git clone ${url}`, { repository }],
  [`C:\\Users\\me> git.exe clone ${url}`, { repository }],
  [`jane@laptop ~ % git clone -b dev ${url}`, { repository, branch: "dev" }],
  [`➜  code git clone ${url}`, { repository }],
  [`sudo git clone ${url} /srv/payments`, { repository }],
  [`env GIT_TRACE=1 git clone ${url}`, { repository }],
  [`GIT_SSH_COMMAND="ssh -i key" git clone git@bitbucket.org:acme/payments.git`, { repository }],
  [`cd code && git clone ${url}`, { repository }],
  [`mkdir x; cd x; git clone --depth 1 --branch dev ${url} .`, { repository, branch: "dev" }],
  [`& "C:\\Program Files\\Git\\bin\\git.exe" clone ${url}`, { repository }],
  [
    `/usr/local/bin/git -c core.autocrlf=false clone --single-branch -b dev ${url}`,
    { repository, branch: "dev" },
  ],
  [`git submodule add -b main ${url} libs/payments`, { repository }],
  [
    `git remote set-url origin https://x-token-auth:${access}@bitbucket.org/acme/payments.git`,
    { repository, token: access },
  ],
  [`machine bitbucket.org login ${me} password ${api}`, { token: api, userName: me }],
  [`machine bitbucket.org\n  login x-token-auth\n  password ${access}\n`, { token: access }],
  [`https://x-token-auth:${encodeURIComponent(access)}@bitbucket.org`, { token: access }],
  [
    `https://${encodeURIComponent(me)}:${encodeURIComponent(api)}@bitbucket.org/`,
    { token: api, userName: me },
  ],
  [
    `https://${encodeURIComponent(me)}:${encodeURIComponent(api)}@bitbucket.org/acme/payments.git`,
    { repository, token: api, userName: me },
  ],
  ["[acme/payments](https://bitbucket.org/acme/payments)", { repository }],
  ["See [the branch](https://bitbucket.org/acme/payments/branch/dev).", { repository, branch: "dev" }],
  ['<a href="https://bitbucket.org/acme/payments">payments</a>', { repository }],
  ["<https://bitbucket.org/acme/payments>", { repository }],
  ["“https://bitbucket.org/acme/payments”", { repository }],
  ["https://bitbucket.org/acme/payments,", { repository }],
  ["https://bitbucket.org/acme/payments/pipelines/results/7", { repository }],
  ["https://bitbucket.org/acme/payments/downloads/?tab=branches", { repository }],
  ["https://bitbucket.org/acme/payments/commits/0a1b2c3d4e5f60718293a4b5c6d7e8f901234567", { repository }],
  ["https://bitbucket.org/acme/payments/admin/access-tokens", { repository }],
  [
    "https://api.bitbucket.org/2.0/repositories/acme/payments/refs/branches/dev",
    { repository, branch: "dev" },
  ],
  ['"repository": "git@bitbucket.org:acme/payments.git",', { repository }],
  ['{"type":"vcs","url":"https://bitbucket.org/acme/payments.git"}', { repository }],
  ["  url = git@bitbucket.org:acme/payments.git", { repository }],
  [
    `git+https://x-token-auth:${encodeURIComponent(access)}@bitbucket.org/acme/payments.git`,
    { repository, token: access },
  ],
  [`git push -u git@bitbucket.org:/acme/payments.git main`, { repository, branch: "main" }],
  [`bitbucket:x-token-auth:${access}@acme/payments#dev`, { repository, branch: "dev", token: access }],
  [`https://:${encodeURIComponent(access)}@bitbucket.org/acme/payments.git`, { repository, token: access }],
  [
    '[submodule "p"]\n\tpath = p\n\turl = https://bitbucket.org/acme/payments.git\n\tbranch = dev',
    { repository },
  ],
  ["ssh://git@altssh.bitbucket.org:443/acme/payments.git", { repository }],
  [
    `Your token was created\n${access}\ngit clone https://x-token-auth:${access}@bitbucket.org/acme/payments.git\ngit config user.email a1@bots.bitbucket.org`,
    { repository, token: access, email: "a1@bots.bitbucket.org" },
  ],
];

/** What names nothing on Bitbucket, whatever it looks like. */
const nothing: readonly string[] = [
  `machine github.com login ${me} password hunter2hunter2hunter2`,
  "https://github.com/acme/payments/blob/main/bitbucket.org/acme/payments",
  "git clone https://bitbucket.org.evil.tld/acme/payments.git",
  "git clone https://evilbitbucket.org/acme/payments.git",
  "bitbucket:acme",
  "github:acme/payments",
  "git+https://github.com/acme/payments.git#main",
  "[acme/payments](https://github.com/acme/payments)",
  "curl -u jane:${TOKEN} https://api.github.com/user",
  "https://x-token-auth:${BITBUCKET_TOKEN}@evil.tld/acme/payments.git",
];

describe("whatever people paste", () => {
  for (const [text, says] of texts)
    it(`says all in ${JSON.stringify(text.slice(0, 90))}`, () => {
      assert.deepEqual(parseSnippet(text, site), says);
    });

  for (const text of nothing)
    it(`names nothing in ${JSON.stringify(text.slice(0, 90))}`, () => {
      const { repository: found, token } = parseSnippet(text, site);
      assert.deepEqual([found, token, tryParseAddress(text, site)], [undefined, undefined, undefined]);
    });

  it("is understood in the repository's box too, wherever a repository is in it", () => {
    for (const [text, says] of texts) {
      if (!("repository" in says)) continue;
      const address = parseAddress(text, site);
      assert.deepEqual(address.repository, repository, text);
      assert.equal(address.holdsSecret, "token" in says, text);
      if ("branch" in says) assert.equal(address.branch, says.branch, text);
    }
  });

  it("is understood in each spelling, whatever stands around it", () => {
    const encoded = encodeURIComponent(access);
    const spellings: readonly (readonly [string, string?])[] = [
      [url],
      ["https://bitbucket.org/acme/payments"],
      ["https://jane@bitbucket.org/acme/payments.git"],
      ["git@bitbucket.org:acme/payments.git"],
      ["ssh://git@bitbucket.org:22/acme/payments"],
      ["git+ssh://git@bitbucket.org:acme/payments.git"], // npm's
      ["bitbucket.org:acme/payments.git"],
      ["www.bitbucket.org/acme/payments"],
      ["//bitbucket.org/acme/payments"],
      ["HTTPS://BitBucket.org/acme/payments"],
      ["bitbucket:acme/payments"],
      ["bitbucket.org/acme/payments@v1.2.3"], // Go's
      ["scm:git:https://bitbucket.org/acme/payments.git"], // Maven's
      ["vscode://vscode.git/clone?url=https%3A%2F%2Fbitbucket.org%2Facme%2Fpayments.git"],
      ["sourcetree://cloneRepo?type=bitbucket&cloneUrl=https%3A%2F%2Fbitbucket.org%2Facme%2Fpayments.git"],
      ["https://bitbucket.org/acme/payments/pull-requests/12/diff"],
      ["https://bitbucket.org/acme/payments/addon/pipelines/home#!/results/1"],
      ["https://api.bitbucket.org/2.0/repositories/acme/payments/pullrequests/3"],
      [`https://x-token-auth:${encoded}@bitbucket.org/acme/payments.git`, access],
      [`https://x-token-auth:${access}@bitbucket.org/acme/payments.git`, access],
      [`git+https://x-token-auth:${encoded}@bitbucket.org/acme/payments.git`, access],
      [`https://${encodeURIComponent(api)}@bitbucket.org/acme/payments.git`, api],
    ];
    const around: readonly ((spelling: string) => string)[] = [
      (one) => one,
      (one) => `  ${one}\r\n`,
      (one) => `$ git clone ${one}`,
      (one) => `PS C:\\Users\\Jane Doe> git.exe clone ${one}`,
      (one) => `[jane@host code]$ git clone '${one}'`,
      (one) => `cd x; sudo -u www git clone ${one} && cd payments`,
      (one) => `"C:\\Program Files\\Git\\cmd\\git.exe" -c a.b=c clone --depth=1 ${one} dir # comment`,
      (one) => `git remote set-url --push origin ${one}`,
      (one) => `git clone \\\n  ${one}`,
      (one) => `\`\`\`\ngit clone ${one}\n\`\`\``,
      (one) => `[repo](${one})`,
      (one) => `“${one}”`,
      (one) => `See ${one}.`,
      (one) => `origin\t${one} (fetch)`,
      (one) => `"payments": "${one}",`,
      (one) => `url = ${one}`,
    ];
    for (const [spelling, token] of spellings)
      for (const text of around.map((wrap) => wrap(spelling))) {
        const says = parseSnippet(text, site);
        assert.deepEqual([says.repository, says.token], [repository, token], text);
      }
    assert.ok(spellings.length * around.length > 300);
  });

  it("never shows a password of an scp-like address", () => {
    const address = readRemoteUrl("user:hunter2hunter2@bitbucket.org:acme/payments.git", site);
    assert.deepEqual(address.repository, repository);
    assert.doesNotMatch(address.displayUrl, /hunter2/);
    assert.equal(parseAddress("user:hunter2hunter2@bitbucket.org:acme/payments.git", site).holdsSecret, true);
  });

  it("knows a remote of plain http as Bitbucket's, with a fault", () => {
    const address = readRemoteUrl("http://bitbucket.org/acme/payments", site);
    assert.deepEqual([address.repository, address.isPlainHttp], [repository, true]);
    assert.equal(readRemoteUrl("http://bitbucket.org.evil.tld/acme/payments", site).repository, undefined);
  });

  it("hides a token in every spelling", () => {
    for (const text of [api, encodeURIComponent(api), basic(me, api), basic("x-token-auth", access)])
      assert.equal(hideTokens(`a ${text} b`), "a … b");
    const word = "a".repeat(64);
    assert.equal(hideTokens(word), word);
  });

  it("takes no time over a text made to be long", () => {
    const long = 1_000_000;
    for (const piece of [
      "a",
      "a@",
      "https://",
      ":",
      "[",
      "[a](",
      "<a ",
      "git ",
      "-u a:",
      "machine bitbucket.org ",
      "%41",
      "\\\n",
    ]) {
      const text = piece.repeat(long / piece.length);
      const started = process.cpuUsage(); // not the clock: other tests run beside this one
      parseSnippet(text, site);
      tryParseAddress(text, site);
      hideTokens(text);
      const { user, system } = process.cpuUsage(started);
      assert.ok(user + system < 100_000, `${piece}: ${(user + system) / 1000} ms`);
    }
  });
});
