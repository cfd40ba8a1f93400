import { fullName, type BitbucketSite, type RepositoryName } from "../../bitbucket/site";
import type { TokenStore } from "../../credentials/tokenStore";

/** The part of `vscode.Memento` that is needed: what outlives a restart and holds no secret. */
export interface ReminderMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** What a person is to be reminded of, once. */
export interface ExpiryReminder {
  readonly repository: RepositoryName;
  /** How many other repositories have the same token. */
  readonly others: number;
  /** ISO date of the last day it works. */
  readonly expires: string;
  /** Negative once it has expired. */
  readonly daysLeft: number;
}

export interface ReminderPorts {
  readonly site: BitbucketSite;
  readonly tokens: TokenStore;
  readonly memory: ReminderMemory;
  /** How many days before the last day to remind. */
  readonly reminderDays: number;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** The dates that people were reminded of, by the repositories' addresses. */
const memoryKey = "expiryReminders";

/**
 * The reminder that is due after something a person did with this repository; undefined where none is, or where it was
 * given before for the same date, here or for another repository of the same token. Taking it counts as given.
 */
export async function takeReminder(
  ports: ReminderPorts,
  repository: RepositoryName,
): Promise<ExpiryReminder | undefined> {
  const { site, tokens, memory } = ports;
  const token = await tokens.stored(site, repository);
  const left = daysLeft(token?.expires, ports.now);
  if (token?.expires === undefined || left === undefined || left > ports.reminderDays) return undefined;
  const kept = await tokens.all(site);
  const served = kept.find((one) => one.token.secret === token.secret)?.repositories ?? [];
  const urls = new Set(
    [repository, ...served].map((name) => `${site.webUrl}/${fullName(name)}`.toLowerCase()),
  );
  const known = new Set([...(await tokens.list()), ...urls]);
  // Nothing is awaited from here to the update: of two pushes at once, one is told.
  const given = readGiven(memory);
  if ([...urls].some((url) => given.get(url) === token.expires)) return undefined;
  for (const url of urls) given.set(url, token.expires);
  await memory.update(memoryKey, Object.fromEntries([...given].filter(([url]) => known.has(url))));
  return { repository, others: urls.size - 1, expires: token.expires, daysLeft: left };
}

function readGiven(memory: ReminderMemory): Map<string, unknown> {
  const stored = memory.get(memoryKey);
  return new Map(typeof stored === "object" && stored !== null ? Object.entries(stored) : []);
}

const dayMs = 86_400_000;

/** Whole days until the end of the last day (an ISO date, in UTC as Bitbucket has it). */
export function daysLeft(expires: string | undefined, now: number): number | undefined {
  const lastDay = Date.parse(`${expires ?? ""}T00:00:00Z`);
  return Number.isNaN(lastDay) ? undefined : Math.floor((lastDay + dayMs - now) / dayMs);
}
