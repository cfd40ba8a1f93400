import assert from "node:assert/strict";
import { toSite } from "../../src/bitbucket/site";
import { parseSnippet } from "../../src/bitbucket/snippet";

const site = toSite("https://bitbucket.org", "https://api.bitbucket.org/2.0");
const local = toSite("http://127.0.0.1:7990", "http://127.0.0.1:7990/2.0");
const repository = { workspace: "acme", slug: "pay-api" };
const token = "ATCTT3xFfGN0abcdefghijklmnop_-qrstuv=1A2B3C4D";
const other = "ATCTT3xFfGN0zyxwvutsrqponmlkjihgfedc=5E6F7A8B";
const encoded = encodeURIComponent(token);
const email = "xqumb7c8r9ctnvfrt87m0jij79hi1z@bots.bitbucket.org";
const url = `https://x-token-auth:${token}@bitbucket.org/acme/pay-api.git`;
const all = { token, repository, email };

const good: readonly (readonly [name: string, text: string, snippet: object])[] = [
  ["a token alone", token, { token }],
  ["a token with white space around", `\n  ${token}\r\n`, { token }],
  ["a token in quotes", `"${token}"`, { token }],
  ["a token in backticks with a full stop", `\`${token}\`.`, { token }],
  ["a percent-encoded token", encoded, { token }],
  ["a labelled token", `Access token: ${token}`, { token }],
  ["a token in a sentence", `Your token is ${token}, keep it safe.`, { token }],
  ["an environment line", `export BITBUCKET_TOKEN="${token}"`, { token }],
  ["a header line", `Authorization: Bearer ${token}`, { token }],
  ["user name and token", `x-token-auth:${token}`, { token }],
  [
    "a token of an unknown format alone",
    "Zk9-unknown-format-0123456789",
    { token: "Zk9-unknown-format-0123456789" },
  ],
  ["a labelled token of an unknown format", "Token: abcdef0123456789", { token: "abcdef0123456789" }],
  [
    "an unknown token beside a clone line",
    "Zk9unknownFormat0123456789\ngit clone https://bitbucket.org/acme/pay-api.git",
    { token: "Zk9unknownFormat0123456789", repository },
  ],
  [
    "an app password, for the check to explain",
    "ATBBabcdefghijklmnop12345678",
    { token: "ATBBabcdefghijklmnop12345678" },
  ],
  ["a URL alone", "https://bitbucket.org/acme/pay-api", { repository }],
  ["a URL without scheme", "bitbucket.org/acme/pay-api", { repository }],
  ["a short name alone", "acme/pay-api", { repository }],
  ["a labelled URL", "url=https://bitbucket.org/acme/pay-api.git", { repository }],
  ["a git@ URL", "git@bitbucket.org:acme/pay-api.git", { repository }],
  ["a URL with a token", url, { token, repository }],
  ["a URL with an encoded token", url.replace(token, encoded), { token, repository }],
  ["a URL with user and token, no scheme", url.replace("https://", ""), { token, repository }],
  ["a clone line", `git clone ${url}`, { token, repository }],
  ["a clone line with a prompt", `$ git clone '${url}'`, { token, repository }],
  ["a clone line with a branch", `git clone -b dev ${url}`, { token, repository, branch: "dev" }],
  ["a broken clone line", `git clone \\\n  ${url}`, { token, repository }],
  [
    "a clone line with a placeholder",
    "git clone https://x-token-auth:{token}@bitbucket.org/acme/pay-api.git",
    { repository },
  ],
  ["a remote add line", `git remote add origin ${url}`, { token, repository }],
  ["a remote set-url line", `git remote set-url origin ${url}`, { token, repository }],
  ["a page's URL", "see https://bitbucket.org/acme/pay-api/branch/dev.", { repository, branch: "dev" }],
  ["an e-mail alone", email, { email }],
  ["a person's e-mail alone", "jane@acme.com", { email: "jane@acme.com" }],
  ["an e-mail in brackets", `<${email}>`, { email }],
  ["a config line", `git config user.email ${email}`, { email }],
  ["a config line with options and quotes", `$ git config --local user.email "${email}"`, { email }],
  ["a config line with another address", "git config user.email ci@acme.com", { email: "ci@acme.com" }],
  ["a -c option", `git -c user.email=${email} commit`, { email }],
  ["everything", `${token}\ngit clone ${url}\ngit config user.email ${email}\n`, all],
  ["everything in another order", `git config user.email ${email}\ngit clone ${url}\n${token}`, all],
  [
    "everything with Windows line ends",
    `${token}\r\ngit clone ${url}\r\ngit config user.email ${email}\r\n`,
    all,
  ],
  ["everything with old Mac line ends", `${token}\rgit clone ${url}\rgit config user.email ${email}`, all],
  ["everything on one line", `git clone ${url} && git config user.email ${email}`, all],
  [
    "everything with explanations",
    `Repository access token created\n\nThis is your token. It is shown once, see https://support.atlassian.com/docs/tokens.\n` +
      `Token:\n${token}\n\nTo clone:\n$ git clone ${url.replace(token, encoded)}\nTo commit as the token's user:\n` +
      `> git config user.email "${email}"\nQuestions go to help@atlassian.com, not to the bot.\n`,
    all,
  ],
  [
    "a push line",
    `git remote add origin ${url}\ngit push -u origin main`,
    { token, repository, branch: "main" },
  ],
  ["two tokens that are the same", `${token}\n${encoded}`, { token }],
  [
    "one repository in two spellings",
    "git@bitbucket.org:Acme/pay-api.git\nhttps://bitbucket.org/acme/pay-api",
    {
      repository: { workspace: "Acme", slug: "pay-api" },
    },
  ],
];

const nothing: readonly string[] = [
  "",
  " \r\n\t",
  "hello",
  "hello world",
  "The quick brown fox/dog jumps.",
  "and/or this",
  "TOKEN",
  "<token>",
  "YOUR_ACCESS_TOKEN",
  "Token: <token>",
  "token:",
  "git",
  "git clone",
  "git config user.email",
  "git config user.email <address>",
  "supercalifragilisticexpialidocious",
  "https://",
  "https://bitbucket.org",
  "https://bitbucket.org/acme",
  "http://bitbucket.org/acme/pay-api",
  "https://bitbucket.org.evil.tld/acme/pay-api",
  `git clone https://x-token-auth:${token}@evil.tld/acme/pay-api.git`,
  `git clone https://x-token-auth:${token}@bitbucket.org.evil.tld/acme/pay-api.git`,
  `git clone https://x-token-auth:${token}@bitbucket.org@evil.tld/acme/pay-api.git`,
  `git clone http://x-token-auth:${token}@bitbucket.org/acme/pay-api.git`,
  `https://${token}@github.com/acme/pay-api.git`,
  `x-token-auth:${token}@evil.tld/acme/pay-api.git`,
  `https://evil.tld/?token=${token}`,
  `git@github.com:acme/pay-api.git`,
  "git clone -b dev https://github.com/acme/pay-api.git",
  "ask jane@acme.com about it",
  "@@@ :// @ ://@ https://@ git@:",
  `${token}\n${other}`,
  `"unclosed 'quotes`,
  "\u0000\u0001\uD800",
];

describe("parseSnippet", () => {
  for (const [name, text, snippet] of good) {
    it(`reads ${name}`, () => {
      assert.deepEqual(parseSnippet(text, site), snippet);
    });
  }

  for (const text of nothing) {
    it(`finds nothing in ${JSON.stringify(text.slice(0, 90))}`, () => {
      assert.deepEqual(parseSnippet(text, site), {});
    });
  }

  it("gives neither of two different tokens, but what else is certain", () => {
    assert.deepEqual(parseSnippet(`${other}\ngit clone ${url}\n${email}`, site), { repository, email });
  });

  it("gives neither of two repositories", () => {
    const text = "https://bitbucket.org/acme/pay-api\nhttps://bitbucket.org/acme/web";
    assert.deepEqual(parseSnippet(text, site), {});
  });

  it("prefers the configured address to one in the text around", () => {
    const text = `jane@acme.com\n${email}\ngit config user.email ci@acme.com`;
    assert.deepEqual(parseSnippet(text, site), { email: "ci@acme.com" });
  });

  it("knows the configured Bitbucket alone", () => {
    const text = `git clone http://x-token-auth:${encoded}@127.0.0.1:7990/acme/pay-api.git`;
    assert.deepEqual(parseSnippet(text, local), { token, repository });
    assert.deepEqual(parseSnippet(text, site), {});
    assert.deepEqual(parseSnippet(`git clone ${url}`, local), {});
  });
});
