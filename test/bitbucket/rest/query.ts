/** Raised for a query that Bitbucket would answer with 400. */
export class BadQuery extends Error {}

/** What can be filtered and sorted by, and how to read it from an item. */
export type Readers<T> = Readonly<Record<string, (item: T) => string>>;

interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

const condition = /^\s*([a-z_.]+)\s*(!~|!=|>=|<=|~|=|>|<)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*/i;
const joint = /^(AND|OR)\s+/i;

/**
 * Bitbucket's filter language without parentheses: `name ~ "pay" AND is_private = true`. AND binds closer than OR.
 * https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering
 */
export function filterBy<T>(items: readonly T[], q: string | null, readers: Readers<T>): readonly T[] {
  if (q === null || q.trim() === "") return items;
  const alternatives = parseQuery(q);
  const tests = alternatives.map((all) => all.map((one) => toTest(one, readers)));
  return items.filter((item) => tests.some((all) => all.every((test) => test(item))));
}

function parseQuery(q: string): Condition[][] {
  const alternatives: Condition[][] = [[]];
  let rest = q;
  for (;;) {
    const match = condition.exec(rest);
    if (!match) throw new BadQuery(`Invalid query: ${q}`);
    const [whole, field = "", operator = "", quoted, bare] = match;
    alternatives.at(-1)?.push({ field, operator, value: quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "" });
    rest = rest.slice(whole.length);
    if (rest === "") return alternatives;
    const joining = joint.exec(rest);
    if (!joining) throw new BadQuery(`Invalid query: ${q}`);
    if (joining[1]?.toUpperCase() === "OR") alternatives.push([]);
    rest = rest.slice(joining[0].length);
  }
}

function toTest<T>({ field, operator, value }: Condition, readers: Readers<T>): (item: T) => boolean {
  const read = reader(field, readers);
  const wanted = value.toLowerCase();
  const tests: Record<string, (item: T) => boolean> = {
    "~": (item) => read(item).toLowerCase().includes(wanted),
    "!~": (item) => !read(item).toLowerCase().includes(wanted),
    "=": (item) => read(item) === value,
    "!=": (item) => read(item) !== value,
    ">": (item) => read(item) > value,
    ">=": (item) => read(item) >= value,
    "<": (item) => read(item) < value,
    "<=": (item) => read(item) <= value,
  };
  const test = tests[operator];
  if (!test) throw new BadQuery(`Invalid operator: ${operator}`);
  return test;
}

/** `-updated_on` sorts from the newest to the oldest. */
export function sortBy<T>(items: readonly T[], sort: string | null, readers: Readers<T>): readonly T[] {
  if (sort === null || sort === "") return items;
  const descending = sort.startsWith("-");
  const read = reader(sort.replace(/^[-+]/, ""), readers);
  const keyed = items.map((item) => ({ item, key: read(item) }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  const sorted = keyed.map(({ item }) => item);
  return descending ? sorted.reverse() : sorted;
}

function reader<T>(field: string, readers: Readers<T>): (item: T) => string {
  const read = Object.hasOwn(readers, field) ? readers[field] : undefined;
  if (!read) throw new BadQuery(`Invalid field: ${field}`);
  return read;
}
