import { html, type Answer } from "../wire/answer";

/** Text made safe to stand in HTML, or HTML that is safe already. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | undefined | readonly Markup[];

/** A template tag: everything put in is escaped unless it is markup itself. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, index) => text + toText(parts[index])).join("") };
}

function toText(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escape(String(part));
  return "markup" in part ? part.markup : part.map((one) => one.markup).join("");
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}" +
  "code,input[readonly]{font-family:monospace}pre{overflow-x:auto;white-space:pre-wrap;word-break:break-all;" +
  "background:#eee;color:#111;padding:.5rem}label{display:block;margin:.3rem 0}footer{margin-top:3rem;color:#666}";

/** Every page says what it is, so that nobody takes it for Bitbucket itself. */
export function page(title: string, body: Markup, status = 200): Answer {
  const text = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${{ markup: style }}</style></head>
<body><main><h1>${title}</h1>${body}</main>
<footer>The test Bitbucket of “Connect for Bitbucket”, on this machine alone. <a href="/">All repositories</a></footer>
</body></html>`;
  return html(status, text.markup);
}
