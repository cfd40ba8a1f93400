import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { UserError } from "../errors";
import type { RepositoryName } from "./site";

/** `workspace/slug`. Nothing else: it is shown to people, and put into addresses. */
export const fullNameAnswer = v.pipe(v.string(), v.regex(/^[\w-]+\/(?!\.+$)[\w.-]+$/));

/** The parts of Bitbucket's answers that we use. Anything else in them may come and go. */
const repositoryAnswer = v.object({
  full_name: fullNameAnswer,
  is_private: v.optional(v.boolean(), true),
  mainbranch: v.nullish(v.object({ name: v.string() })),
});
export type RepositoryAnswer = v.InferOutput<typeof repositoryAnswer>;

const repositoryNames = v.object({ values: v.array(v.object({ full_name: fullNameAnswer })) });

const errorAnswer = v.object({
  error: v.object({
    message: v.optional(v.string(), ""),
    detail: v.optional(v.unknown()),
  }),
});

/** Whatever else stands there is not repeated to a person. */
function isScopeName(text: string): boolean {
  return /^[a-z_]{1,30}(:[a-z_]{1,30}){0,3}$/.test(text);
}

/** Some answers give one scope as a word, some a list of them. */
const scopeList = v.fallback(
  v.pipe(
    v.union([v.string(), v.array(v.string())]),
    v.transform((scopes) =>
      (typeof scopes === "string" ? scopes.split(/[\s,]+/) : scopes).filter(isScopeName),
    ),
  ),
  [],
);
const scopeDetail = v.object({ granted: v.optional(scopeList, []), required: v.optional(scopeList, []) });

export function parseRepositoryAnswer(body: string): RepositoryAnswer {
  return parseAnswer(repositoryAnswer, body, "GET repository");
}

export function parseRepositoryNames(body: string): string[] {
  return parseAnswer(repositoryNames, body, "GET repositories").values.map((one) => one.full_name);
}

/** Both halves of a `full_name` that the schema let pass. */
export function toRepositoryName(fullName: string): RepositoryName {
  const slash = fullName.indexOf("/");
  return { workspace: fullName.slice(0, slash), slug: fullName.slice(slash + 1) };
}

/** Undefined where the body isn't one of Bitbucket's error answers (a proxy's page, say). */
export function parseErrorAnswer(
  body: string,
): { message: string; granted: string[]; required: string[] } | undefined {
  const result = v.safeParse(errorAnswer, parseJson(body));
  if (!result.success) return undefined;
  const detail = v.safeParse(scopeDetail, result.output.error.detail);
  const { granted, required } = detail.success ? detail.output : { granted: [], required: [] };
  return { message: result.output.error.message, granted, required };
}

/** Throws BadAnswer where the body is not what the operation answers with. */
export function parseAnswer<T>(schema: v.GenericSchema<unknown, T>, body: string, operation: string): T {
  const result = v.safeParse(schema, parseJson(body));
  if (result.success) return result.output;
  if (isWebPage(body)) throw webPage();
  throw badAnswer(
    l10n.t(
      "Bitbucket's answer to “{0}” doesn't match its API. Check whether a proxy replaces answers.",
      operation,
    ),
  );
}

export function isWebPage(body: string): boolean {
  return /^[\s\uFEFF]*<(!doctype|html|head|body|script|meta|!--)/i.test(body);
}

/** A proxy's words, or the page on which a café or a hotel lets one in. */
export function webPage(): UserError {
  return badAnswer(
    l10n.t(
      "A web page came instead of Bitbucket's answer. If your network or proxy requires sign-in, open any page in your browser, then try again.",
    ),
  );
}

function badAnswer(message: string): UserError {
  return new UserError("BadAnswer", message, {
    fixes: [{ kind: "retry", title: l10n.t("Try again"), change: {} }],
  });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // the schema refuses it, with words that name the operation
  }
}
