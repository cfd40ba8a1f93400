import type { HttpAnswer } from "../../../src/bitbucket/http";

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Numbers from 0 to 1, the same for the same seed. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const statuses = [
  200, 200, 200, 200, 200, 200, 200, 201, 204, 206, 400, 401, 402, 403, 404, 407, 410, 429, 500, 503, 599,
];
const odd: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  "",
  " ",
  "\u0000",
  "a/b",
  "a/b/c",
  "/",
  "..",
  "\ud800",
  "{0}",
  "constructor",
  "__proto__",
  [],
  {},
  [[]],
  [null],
  { values: {} },
  { name: {} },
  { full_name: [] },
  { toString: null },
  { length: 5 },
];
const pieces = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  "null",
  "\n",
  "\0",
  "\ufeff",
  "<html>",
  "0000",
  "ffff",
  "refs/heads/",
  "# service=",
];
const headerValues = [
  "",
  ",",
  ", ,",
  "repository",
  "repository:write",
  "-1",
  "0",
  "1e9",
  "NaN",
  "Infinity",
  "soon",
  "Wed, 21 Oct 2026 07:28:00 GMT",
  "api_token",
  "\ufeff",
];

/** Changes a real answer a little: its status, its headers, values of its JSON, or its text. */
export class AnswerFuzzer {
  constructor(
    private readonly random: () => number,
    /** A proxy may show what it was asked with. */
    private readonly secret: string,
  ) {}

  mutate(answer: RecordedAnswer): HttpAnswer {
    const headers = this.chance(0.3) ? this.changeHeaders(answer.headers) : answer.headers;
    return {
      status: this.chance(0.15) ? this.pick(statuses) : answer.status,
      header: (name) => headers[name],
      body: this.chance(0.5) ? this.changeJson(answer.body) : this.changeText(answer.body),
    };
  }

  /** As it is, as a URL has it, and as a Basic sign-in has it. */
  spellings(secret: string): readonly string[] {
    return [secret, encodeURIComponent(secret), Buffer.from(`x-token-auth:${secret}`).toString("base64")];
  }

  private changeHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const names = [
      ...Object.keys(headers),
      "retry-after",
      "x-oauth-scopes",
      "x-credential-type",
      "location",
      "date",
    ];
    const value = this.chance(0.2) ? this.pick(this.spellings(this.secret)) : this.pick(headerValues);
    return { ...headers, [this.pick(names)]: value };
  }

  private changeJson(body: string): string {
    const value = parse(body);
    if (value === undefined) return this.changeText(body);
    const changes = 1 + Math.floor(this.random() * 3);
    let changed: unknown = value;
    for (let n = 0; n < changes; n++) changed = this.changeSomewhere(changed);
    return JSON.stringify(changed);
  }

  /** The deeper, the likelier, so that most of an answer stays as it was. */
  private changeSomewhere(value: unknown): unknown {
    const isLeaf = typeof value !== "object" || value === null;
    if (isLeaf || this.chance(0.1)) return this.oddValue(value);
    if (Array.isArray(value)) {
      if (value.length === 0) return [this.oddValue(undefined)];
      const at = Math.floor(this.random() * value.length);
      return value.map((one, index) => (index === at ? this.changeSomewhere(one) : one) as unknown);
    }
    const keys = Object.keys(value);
    const key = this.pick(keys.length > 0 ? keys : ["values"]);
    const { [key]: inner, ...others } = value as Record<string, unknown>;
    return this.chance(0.15) ? others : { ...others, [key]: this.changeSomewhere(inner) };
  }

  private oddValue(value: unknown): unknown {
    if (this.chance(0.1)) return this.pick(this.spellings(this.secret));
    if (typeof value === "string" && this.chance(0.4)) return this.changeText(value);
    return this.pick(odd);
  }

  private changeText(text: string): string {
    const from = Math.floor(this.random() * (text.length + 1));
    const to = Math.min(text.length, from + Math.floor(this.random() * 12));
    switch (Math.floor(this.random() * 6)) {
      case 0:
        return text.slice(0, from);
      case 1:
        return text.slice(0, from) + text.slice(to);
      case 2:
        return text.slice(0, from) + this.pick(pieces) + text.slice(from);
      case 3:
        return text.slice(0, to) + text.slice(from);
      case 4:
        return (
          text.slice(0, from) + String.fromCharCode(Math.floor(this.random() * 0x3ff)) + text.slice(from + 1)
        );
      default:
        return text.slice(0, from) + this.pick(this.spellings(this.secret)) + text.slice(from);
    }
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // no JSON: its text is changed
  }
}
