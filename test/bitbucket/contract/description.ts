import * as v from "valibot";

const parameter = v.object({
  name: v.string(),
  in: v.string(),
  schema: v.optional(v.looseObject({ enum: v.optional(v.array(v.unknown())) })),
});

const content = v.optional(v.record(v.string(), v.object({ schema: v.optional(v.unknown()) })));

const operation = v.object({
  parameters: v.optional(v.array(parameter), []),
  responses: v.record(v.string(), v.object({ content })),
  requestBody: v.optional(v.object({ content })),
});

const pathItem = v.object({
  parameters: v.optional(v.array(parameter), []),
  get: v.optional(operation),
  post: v.optional(operation),
  put: v.optional(operation),
  delete: v.optional(operation),
});

const description = v.object({
  paths: v.record(v.string(), pathItem),
  components: v.looseObject({ schemas: v.record(v.string(), v.unknown()) }),
});

export type Description = v.InferOutput<typeof description>;
export type DescribedOperation = v.InferOutput<typeof operation>;
export type DescribedPath = v.InferOutput<typeof pathItem>;

/** Reads the API description, put right where the real Bitbucket is known to differ from it. */
export function parseDescription(text: string): Description {
  return v.parse(description, JSON.parse(text, correct));
}

/** An empty repository's `mainbranch` is null; a missing scope's `detail` is an object, not text. */
function correct(key: string, value: unknown): unknown {
  if (key === "mainbranch") return { anyOf: [value, { type: "null" }] };
  if (key === "detail") return { anyOf: [value, { type: "object" }] };
  return value;
}
