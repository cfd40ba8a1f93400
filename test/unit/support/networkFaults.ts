import type { FaultKind } from "../../bitbucket/wire/faults";
import type { OddJson } from "../../bitbucket/wire/oddJson";
import type { Door, Ending } from "./networkOperations";
import type { NetworkStage, SiteKind } from "./networkStage";

export interface NetworkFault {
  /** Goes on a sentence that begins with an operation. */
  readonly name: string;
  /** A plain Bitbucket where absent. */
  readonly site?: SiteKind;
  /** Where the site alone is at fault, absent. */
  readonly make?: (stage: NetworkStage) => FaultKind;
  /** How operations end that meet it; a door that isn't named can't meet it. */
  readonly ends: Readonly<Partial<Record<Door, Ending>>>;
  /** Operations that end otherwise, by their names. */
  readonly except?: Readonly<Record<string, Ending>>;
  /** git's first request, which asks whether a sign-in is needed at all, is let through. */
  readonly onlySignedIn?: true;
  /** It costs the time that a request may take. */
  readonly waits?: true;
}

const everywhere = (ending: Ending) => ({ rest: ending, advertisement: ending, git: ending });

function status(code: number, ends: NetworkFault["ends"], except: NetworkFault["except"] = {}): NetworkFault {
  return { name: `Bitbucket answers ${code}`, make: () => ({ kind: "status", status: code }), ends, except };
}

function page(code: number, ends: NetworkFault["ends"], except: NetworkFault["except"] = {}): NetworkFault {
  const name = code === 200 ? "a captive portal answers" : `a proxy answers ${code} with a page of its own`;
  return { name, make: () => ({ kind: "html", status: code }), ends, except };
}

/** What REST answers when a repository isn't there is news of the place, not a failure. */
const refusals: readonly NetworkFault[] = [
  status(400, everywhere("BadAnswer"), { "creating a repository": "InvalidRepository" }),
  status(401, everywhere("TokenRejected")),
  status(402, everywhere("BadAnswer"), {
    "creating a repository": "PushRejected",
    "publishing, during the creation": "PushRejected",
    "connecting, during the push": "PushRejected",
    pushing: "PushRejected",
  }),
  status(403, everywhere("TokenLacksScope")),
  status(404, everywhere("RepositoryNotFound")),
  status(405, everywhere("BadAnswer")),
  // Git's door answers so for an app password.
  status(410, { rest: "BadAnswer", advertisement: "TokenRejected", git: "TokenRejected" }),
  status(500, everywhere("BadAnswer")),
  status(502, everywhere("BadAnswer")),
  status(503, everywhere("BadAnswer")),
  status(504, everywhere("BadAnswer")),
  status(555, everywhere("BadAnswer")),
  {
    name: "the workspace lets in other addresses alone",
    make: () => ({ kind: "allowList" }),
    ends: everywhere("BadAnswer"),
  },
  ...[
    { words: "for 30 seconds", retryAfter: 30 },
    { words: "until a time", retryAfter: new Date(Date.now() + 90_000) },
    { words: "and doesn't say for how long", retryAfter: null },
  ].map(({ words, retryAfter }): NetworkFault => ({
    name: `Bitbucket limits the rate ${words}`,
    make: () => ({ kind: "rateLimit", retryAfter }),
    ends: everywhere("RateLimited"),
  })),
];

const proxies: readonly NetworkFault[] = [
  page(200, everywhere("BadAnswer")),
  // git can't tell whose refusal it is: it shows plain text alone.
  page(403, { rest: "BadAnswer", advertisement: "BadAnswer" }),
  page(407, everywhere("Offline")),
  page(502, everywhere("BadAnswer")),
  page(511, everywhere("BadAnswer")),
  ...[
    { words: "another host", to: (stage: NetworkStage) => stage.otherHost.namedUrl },
    { words: "another port", to: (stage: NetworkStage) => stage.otherHost.url },
  ].map(({ words, to }): NetworkFault => ({
    name: `a redirect leads to ${words}`,
    make: (stage) => ({ kind: "redirect", location: `${to(stage)}/sign-in` }),
    ends: everywhere("BadAnswer"),
  })),
  {
    name: "a redirect leads from https to plain http",
    site: "secure",
    make: (stage) => ({ kind: "redirect", location: `${stage.otherHost.namedUrl}/sign-in` }),
    ends: everywhere("BadAnswer"),
  },
  {
    name: "redirects go in a circle",
    make: () => ({ kind: "redirect", location: "?again" }),
    ends: { rest: "BadAnswer", advertisement: "BadAnswer", git: "Offline" },
  },
];

const brokenAnswers: readonly NetworkFault[] = [
  { name: "the answer is empty", make: () => ({ kind: "empty" }), ends: everywhere("BadAnswer") },
  { name: "the answer is cut short", make: () => ({ kind: "truncated" }), ends: everywhere("Offline") },
  {
    name: "the answer is half a JSON text",
    make: () => ({ kind: "badJson" }),
    ends: everywhere("BadAnswer"),
  },
  {
    name: "the answer unpacks to far more than it should",
    make: () => ({ kind: "gzipBomb", bytes: 70_000_000 }),
    ends: { rest: "BadAnswer", advertisement: "BadAnswer" },
  },
  {
    name: "the answer can't be unpacked",
    make: () => ({ kind: "brokenGzip" }),
    ends: { rest: "BadAnswer", advertisement: "BadAnswer", git: "Offline" },
  },
];

const brokenConnections: readonly NetworkFault[] = [
  { name: "the connection is reset", make: () => ({ kind: "reset" }), ends: everywhere("Offline") },
  ...[7, 120, 260].map((afterBytes): NetworkFault => ({
    name: `the connection is reset after ${afterBytes} bytes`,
    make: () => ({ kind: "reset", afterBytes }),
    // What git makes of it depends on the request that is cut: networkReset.test.ts looks closer.
    ends: { rest: "Offline", advertisement: "Offline" },
  })),
  {
    name: "Bitbucket never answers",
    make: () => ({ kind: "slowHeaders", delayMs: Infinity }),
    ends: everywhere("Offline"),
    waits: true,
  },
  {
    name: "the answer stops in the middle",
    make: () => ({ kind: "slowBody", delayMs: Infinity }),
    onlySignedIn: true,
    ends: everywhere("Offline"),
    waits: true,
  },
  {
    // Slow as it is, git gets on, and the person sees it and can cancel.
    name: "the answer comes one byte at a time",
    make: () => ({ kind: "drip", everyMs: 200 }),
    ends: { rest: "Offline", advertisement: "Offline" },
    waits: true,
  },
];

const certificates: readonly NetworkFault[] = [
  {
    name: "nobody knows the certificate's authority",
    site: "unknownAuthority",
    ends: everywhere("Offline"),
  },
  { name: "the certificate has expired", site: "expired", ends: everywhere("Offline") },
  { name: "the certificate is not valid yet", site: "notYetValid", ends: everywhere("Offline") },
  { name: "the certificate is for another name", site: "wrongName", ends: everywhere("Offline") },
  { name: "the certificate is in order", site: "secure", ends: everywhere("works") },
  {
    name: "Bitbucket's clock is a year off",
    make: () => ({ kind: "clock", offsetMs: 365 * 24 * 60 * 60_000 }),
    ends: everywhere("works"),
  },
];

function odd(how: OddJson, name: string, ending: Ending, except: NetworkFault["except"] = {}): NetworkFault {
  return {
    name: `the answer ${name}`,
    make: () => ({ kind: "oddJson", how }),
    ends: { rest: ending },
    except,
  };
}

const oddAnswers: readonly NetworkFault[] = [
  odd("missingFields", "lacks fields", "BadAnswer"),
  odd("wrongTypes", "has other types", "BadAnswer"),
  odd("nullFields", "has null for everything", "BadAnswer"),
  odd("null", "is null", "BadAnswer"),
  odd("aText", "is a text", "BadAnswer"),
  odd("hugeArray", "is huge", "works"),
  odd("byteOrderMark", "begins with a byte-order mark", "works"),
  odd("deepNesting", "is fifty thousand levels deep", "works"),
];

export const networkFaults: readonly NetworkFault[] = [
  ...refusals,
  ...proxies,
  ...brokenAnswers,
  ...brokenConnections,
  ...certificates,
  ...oddAnswers,
];
