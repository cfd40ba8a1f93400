import * as l10n from "@vscode/l10n";
import { fullName } from "../../src/bitbucket/site";
import { button, element } from "./element";
import type { FormFields } from "./formFields";

/** The fields in the order of thought: which repository, make a token, paste it, push. */
export function layOut(
  fields: FormFields,
  tokenPage: HTMLElement,
  pasted: HTMLElement,
  onCreate: (repository: string) => void,
): HTMLElement {
  const lead = l10n.t("Paste what Bitbucket showed with the token, anywhere here: the form fills itself.");
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
    section(
      l10n.t("Make a token"),
      element("p", { class: "hint" }, l10n.t("Have one already? Go on with the next step.")),
      fields.kind.root,
      fields.scopes.root,
      tokenPage,
    ),
    section(
      l10n.t("Paste it"),
      fields.token.root,
      pasted,
      fields.account.root,
      element("div", { class: "pair" }, fields.expires.root, fields.expires.date.root),
    ),
    section(
      l10n.t("Commits and push"),
      fields.email.root,
      element("div", { class: "pair" }, fields.remote.root, fields.branch.root),
      fields.remote.conflict.root,
      fields.gitAccess.details,
    ),
  );
}

function section(title: string, ...children: readonly HTMLElement[]): HTMLElement {
  return element("section", {}, element("h2", {}, title), ...children);
}

function createRepository(fields: FormFields, onCreate: (repository: string) => void): HTMLElement {
  const create = button(l10n.t("Create repository on Bitbucket"), () => {
    const repository = fields.repository.repository;
    onCreate(repository ? fullName(repository) : "");
  });
  const advice = l10n.t(
    "None yet? Leave README and .gitignore out there, so that your commits fit in as they are.",
  );
  return element("div", { class: "aside" }, create, element("p", { class: "hint" }, advice));
}
