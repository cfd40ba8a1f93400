/** Valid JSON that no client expects. */
export type OddJson =
  | "missingFields"
  | "wrongTypes"
  | "nullFields"
  | "null"
  | "aText"
  | "hugeArray"
  | "byteOrderMark"
  | "deepNesting";

/** What an answer is known by. */
const namingFields = new Set(["full_name", "name", "slug", "key", "source"]);
/** Beyond what a stack holds of one call each. */
const depth = 50_000;
/** Below what a client should take. */
const hugeLength = 3_000_000;

export function toOddJson(body: string, how: OddJson): string {
  switch (how) {
    case "missingFields":
      return rewrite(body, (key, value) => (namingFields.has(key) ? undefined : value));
    case "wrongTypes":
      return rewrite(body, (_, value) => toOtherType(value));
    case "nullFields":
      return rewrite(body, (key, value) => (key === "" ? value : isLeaf(value) ? null : value));
    case "null":
      return "null";
    case "aText":
      return JSON.stringify("Connected");
    case "hugeArray":
      return JSON.stringify(toHuge(JSON.parse(body)));
    case "byteOrderMark":
      return `\ufeff${body}`;
    case "deepNesting":
      return body.replace(/\}$/, `,"more":${"[".repeat(depth)}${"]".repeat(depth)}}`);
  }
}

function rewrite(body: string, change: (key: string, value: unknown) => unknown): string {
  return JSON.stringify(JSON.parse(body, change));
}

function isLeaf(value: unknown): boolean {
  return typeof value !== "object";
}

function toOtherType(value: unknown): unknown {
  if (typeof value === "string") return value.length;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** A list gets its own values again and again; what is no list gets one that nobody asked for. */
function toHuge(answer: unknown): unknown {
  if (typeof answer !== "object" || answer === null) return answer;
  const { values } = answer as { values?: unknown };
  const repeated: readonly unknown[] = Array.isArray(values) && values.length > 0 ? values : [0];
  const times = Math.ceil(hugeLength / JSON.stringify(repeated).length);
  const many = Array.from({ length: times }, () => repeated).flat();
  return Array.isArray(values) ? { ...answer, values: many } : { ...answer, more: many };
}
