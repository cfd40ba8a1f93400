import fc from "fast-check";
import assert from "node:assert/strict";
import { parseAddress, readRemoteUrl, tryParseAddress } from "../../src/bitbucket/address";
import { parseScopesHeader } from "../../src/bitbucket/scopes";
import { remoteUrl, toSite } from "../../src/bitbucket/site";
import { parseSnippet } from "../../src/bitbucket/snippet";
import { checkToken } from "../../src/bitbucket/token";
import { UserError } from "../../src/errors";

const site = toSite("https://bitbucket.org", "https://api.bitbucket.org/2.0");

/** Pieces that addresses are made of, so that random texts reach every branch. */
const piece = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ..."https:// http:// ssh:// git@ bitbucket.org altssh.bitbucket.org api.bitbucket.org/2.0/repositories".split(
        " ",
      ),
      ..."/ // : @ # ? % %2F %2e .. . .git acme pay-api x-token-auth: evil.tld :443 :22 :8080 ?at= \\ ' \"".split(
        " ",
      ),
      ..."git clone -b remote add user.email /src/ /branch/ /pull-requests/12 www. token: \n \r\n $ [ ] { }".split(
        " ",
      ),
      ..." \n|\n\n|\t|git clone |git config user.email |me@bots.bitbucket.org".split("|"),
    ),
  },
);
const soup = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));

const tokenLetters = fc.constantFrom(
  ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
);
const secret = fc
  .tuple(
    fc.constantFrom("ATCTT3x", "ATATT3x", "ATBB", ""),
    fc.string({ unit: tokenLetters, minLength: 24, maxLength: 60 }),
    fc.constantFrom("=1A2B3C4D", ""),
  )
  .map((parts) => parts.join(""));
const secretInSoup = fc.record({
  token: secret,
  text: fc.tuple(soup, soup),
  spelling: fc.constantFrom<(token: string) => string>((token) => token, encodeURIComponent, toBase64),
});

function toBase64(token: string): string {
  return Buffer.from(`x-token-auth:${token}`).toString("base64");
}

/** The message of the UserError that is thrown; any other error fails the test. */
function messageOf(parse: () => unknown): string {
  try {
    parse();
    return "";
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${JSON.stringify(error)} ${String(error.cause)}`;
    throw error;
  }
}

function isNamed(text: string): boolean {
  return /^https:\/\/bitbucket\.org\/[\w-]+\/[\w.-]+\.git$/.test(text);
}

describe("whatever is pasted", () => {
  it("throws nothing but worded errors", () => {
    fc.assert(
      fc.property(soup, (text) => {
        messageOf(() => parseAddress(text, site));
        messageOf(() => checkToken(text));
        parseSnippet(text, site);
        readRemoteUrl(text, site);
        parseScopesHeader(text);
      }),
      { numRuns: 3000 },
    );
  });

  it("leads to the configured host alone", () => {
    fc.assert(
      fc.property(soup, (text) => {
        const named = [
          tryParseAddress(text, site)?.repository,
          parseSnippet(text, site).repository,
          readRemoteUrl(text, site).repository,
        ];
        for (const repository of named) {
          if (!repository) continue;
          const url = remoteUrl(site, repository);
          assert.ok(isNamed(url), url);
          assert.equal(new URL(url).href, url, "nothing in it changes when it is resolved");
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("takes an https URL only where a browser would go to the same host", () => {
    const host = fc.oneof(
      soup,
      fc.constantFrom("bitbucket.org", "bitbucket.org:443", "BITBUCKET.ORG", "bitbucket.org.evil.tld"),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 6 }), host, (userInfo, authority) => {
        const url = `https://${userInfo}${authority}/acme/pay-api`;
        if (/\s/.test(url) || tryParseAddress(url, site) === undefined) return;
        assert.equal(
          new URL(url).hostname.replace(/^www\./, ""),
          url.includes("/2.0/") ? "api.bitbucket.org" : "bitbucket.org",
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("never comes back in a message, were it a token in any spelling", () => {
    fc.assert(
      fc.property(secretInSoup, ({ token, text: [before, after], spelling }) => {
        const text = before + spelling(token) + after;
        const messages = messageOf(() => parseAddress(text, site)) + messageOf(() => checkToken(text));
        for (const spelled of [token, encodeURIComponent(token), toBase64(token), token.toLowerCase()]) {
          assert.ok(!messages.includes(spelled));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("never shows the secret of a remote", () => {
    const place = fc.constantFrom(
      "bitbucket.org/acme/pay-api.git",
      "evil.tld:8443/x",
      "[::1]/a b",
      "a@b/c",
      "h:p/x",
    );
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom("x-token-auth:", "me:", ":", "a:b:"),
        place,
        (token, user, rest) => {
          for (const spelled of [token, encodeURIComponent(token)]) {
            const { displayUrl } = readRemoteUrl(`https://${user}${spelled}@${rest}`, site);
            assert.ok(!displayUrl.includes(spelled), "the secret is shown");
          }
        },
      ),
    );
  });

  it("gives a token of Bitbucket's clone line back exactly", () => {
    fc.assert(
      fc.property(secret, fc.boolean(), (token, isEncoded) => {
        fc.pre(/\d/.test(token));
        const spelled = isEncoded ? encodeURIComponent(token) : token;
        const line = `git clone https://x-token-auth:${spelled}@bitbucket.org/acme/pay-api.git`;
        assert.equal(parseSnippet(line, site).token, token);
        if (!token.startsWith("ATBB")) assert.equal(checkToken(line), token);
      }),
    );
  });
});

function timeOf(parse: () => unknown): number {
  const start = performance.now();
  parse();
  return performance.now() - start;
}

describe("a megabyte pasted by mistake", () => {
  const size = 1_000_000;
  const junk: readonly (readonly [name: string, text: string])[] = [
    "a",
    "a.",
    "a/",
    "/",
    "//",
    "@",
    "a@",
    ":",
    "a:",
    "%",
    "%2F",
    '"',
    "'",
    " ",
    "\n",
    "\\\n",
    "git ",
    "-",
    "=",
    "ATCTT3x",
    "https://",
    "https://a@",
    "git@bitbucket.org:",
    "a-token-",
    "token ",
    "x=",
    "a@b.",
    ". ",
    "line\n",
    "a/b\n",
    "Token: ",
  ].map((unit) => [JSON.stringify(unit), unit.repeat(Math.ceil(size / unit.length))] as const);

  for (const [name, text] of junk) {
    it(`of ${name} is done with in a moment`, () => {
      const parsers: readonly (() => unknown)[] = [
        () => messageOf(() => parseAddress(text, site)),
        () => messageOf(() => parseAddress(text.slice(0, 4090), site)),
        () => messageOf(() => checkToken(text)),
        () => messageOf(() => checkToken(text.slice(0, 4000))),
        () => parseSnippet(text, site),
        () => readRemoteUrl(text, site),
      ];
      for (const parse of parsers) {
        const elapsedMs = Math.min(...[1, 2, 3].map(() => timeOf(parse)));
        assert.ok(elapsedMs < 200, `took ${Math.round(elapsedMs)} ms`);
      }
    });
  }
});
