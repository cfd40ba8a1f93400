import { BadQuery, filterBy, sortBy, type Readers } from "./query";

const longestPage = 100;
const defaultPageLength = 10;

export interface Paging<T> {
  readonly items: readonly T[];
  readonly readers: Readers<T>;
  readonly toJson: (item: T) => unknown;
  /** The address of the request, which `next` repeats with another page. */
  readonly url: URL;
}

/** Filters, sorts and cuts as the query says. `next` is there until the last page, as clients must follow it. */
export async function toPage<T>({ items, readers, toJson, url }: Paging<T>): Promise<unknown> {
  const query = url.searchParams;
  const pagelen = readNumber(query, "pagelen", defaultPageLength);
  if (pagelen > longestPage) throw new BadQuery("Invalid pagelen");
  const page = readNumber(query, "page", 1);
  const found = sortBy(filterBy(items, query.get("q"), readers), query.get("sort"), readers);
  const values = await Promise.all(found.slice((page - 1) * pagelen, page * pagelen).map(toJson));
  const hasNext = page * pagelen < found.length;
  return {
    values,
    pagelen,
    size: found.length,
    page,
    ...(hasNext && { next: pageUrl(url, page + 1) }),
    ...(page > 1 && { previous: pageUrl(url, page - 1) }),
  };
}

function readNumber(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new BadQuery(`Invalid ${name}`);
  return Number(text);
}

function pageUrl(url: URL, page: number): string {
  const next = new URL(url);
  next.searchParams.set("page", String(page));
  return next.href;
}
