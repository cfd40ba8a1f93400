import * as l10n from "@vscode/l10n";
import { button, element } from "./element";
import type { FormFields } from "./formFields";

/** The fields in the order of thought: which repository, its token, push. What few need is folded away. */
export function layOut(
  fields: FormFields,
  tokenPage: HTMLElement,
  pasted: HTMLElement,
  onCreate: () => void,
): HTMLElement {
  const lead = l10n.t(
    "Paste everything that Bitbucket showed with the token anywhere here to fill in the form.",
  );
  const making = element(
    "details",
    { class: "making" },
    element("summary", {}, l10n.t("Create a token")),
    element("div", { class: "folded" }, fields.kind.root, fields.scopes.root, tokenPage),
  );
  const expires = element("div", { class: "pair" }, fields.expires.root, fields.expires.date.root);
  const more = element(
    "details",
    {},
    element("summary", {}, l10n.t("More")),
    element("div", { class: "folded" }, fields.gitAccess.root),
  );
  fields.token.whileNone(making);
  return element(
    "div",
    { class: "sections" },
    element("p", { class: "lead" }, lead),
    section(
      l10n.t("Which repository"),
      fields.folder.root,
      fields.repository.root,
      createRepository(fields, onCreate),
    ),
    section(l10n.t("Its token"), fields.token.root, pasted, fields.account.root, expires, making),
    section(
      l10n.t("Commits and push"),
      fields.email.root,
      element("div", { class: "pair" }, fields.remote.root, fields.branch.root),
      fields.remote.conflict.root,
      more,
    ),
  );
}

function section(title: string, ...children: readonly HTMLElement[]): HTMLElement {
  return element("section", {}, element("h2", {}, title), ...children);
}

/** Only for who names none: whoever has named one has one. */
function createRepository(fields: FormFields, onCreate: () => void): HTMLElement {
  const create = button(l10n.t("Create repository on Bitbucket"), onCreate);
  const advice = l10n.t(
    "None yet? Create it without README and .gitignore, so that you can push your commits.",
  );
  const root = element("div", { class: "aside" }, create, element("p", { class: "hint" }, advice));
  fields.repository.whileEmpty(root);
  return root;
}
