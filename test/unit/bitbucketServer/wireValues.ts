import assert from "node:assert/strict";

/** Reads into what came over the wire. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

export function values(body: unknown): unknown[] {
  const found = at(body, "values");
  assert.ok(Array.isArray(found), JSON.stringify(body));
  return found;
}

export function names(body: unknown): string[] {
  return values(body).map((one) => String(at(one, "full_name")));
}
