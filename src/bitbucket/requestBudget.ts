import type { HttpAnswer, HttpRequest } from "./http";
import { rateLimited } from "../failures/rest";
import { parseRetryAfter } from "./retryAfter";

const hourMs = 60 * 60_000;
/** What any credential gets. Larger workspaces get more, and answers may say so. */
const requestsPerHour = 1_000;
/** Where Bitbucket says that it is enough, but not for how long. */
const pauseSeconds = 60;

interface Account {
  /** When each request of the last hour was sent, the oldest first. */
  readonly sentAt: number[];
  limit: number;
  /** Bitbucket's own word: when it said so, and until when. */
  pause: { readonly since: number; readonly until: number } | undefined;
}

/**
 * The requests of the last hour by credential, in memory alone. git's own door counts on another account, and a much
 * larger one. https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/
 */
export class RequestBudget {
  private readonly accounts = new Map<string, Account>();

  constructor(private readonly clock: () => number) {}

  /** Throws RateLimited where another request would be refused, or take what the person's next action needs. */
  check(authorization: string): void {
    const waitMs = this.waitMs(this.account(authorization));
    if (waitMs > 0) throw rateLimited(Math.ceil(waitMs / 1000));
  }

  spend(request: HttpRequest): void {
    if (!isRest(request)) return;
    const { sentAt } = this.account(request.authorization);
    const now = this.clock();
    while (sentAt[0] !== undefined && sentAt[0] <= now - hourMs) sentAt.shift();
    sentAt.push(now);
  }

  /** What the answer to a request that was sent then tells of the limit. */
  learn(request: HttpRequest, answer: HttpAnswer, sentAt: number): void {
    if (!isRest(request)) return;
    const account = this.account(request.authorization);
    const limit = Number(answer.header("x-ratelimit-limit"));
    if (limit > 0) account.limit = limit;
    if (answer.status === 429) {
      const now = this.clock();
      account.pause = { since: now, until: now + (parseRetryAfter(answer) ?? pauseSeconds) * 1000 };
    } else if (answer.status < 300) {
      // Answered although it was too much by our account: Bitbucket gives more, and its own word counts from here.
      if (account.sentAt.length > account.limit) account.limit = Infinity;
      if (account.pause && account.pause.since <= sentAt) account.pause = undefined;
    }
  }

  private waitMs({ sentAt, limit, pause }: Account): number {
    const now = this.clock();
    const first = sentAt.at(-limit); // there are fewer where it is undefined
    return Math.max((first ?? -hourMs) + hourMs, pause?.until ?? 0) - now;
  }

  private account(authorization: string): Account {
    const known = this.accounts.get(authorization);
    if (known) return known;
    const account: Account = { sentAt: [], limit: requestsPerHour, pause: undefined };
    this.accounts.set(authorization, account);
    return account;
  }
}

function isRest({ accept }: HttpRequest): boolean {
  return accept === "application/json";
}
