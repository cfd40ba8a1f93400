import * as l10n from "@vscode/l10n";
import { purposes, scopeNames, type Scope, type ScopeId } from "../../src/bitbucket/scopes";
import { element, openAround, say } from "./element";
import type { FaultTarget } from "./field";
import { ScopeChoice, scopesOf } from "./scopeChoice";
import { scopeGroup } from "./scopeGroup";
import type { TokenKind } from "./tokenKindField";

/** What the token should be able to do: by preset, or scope by scope, as they are to be ticked on Bitbucket. */
export class ScopesField implements FaultTarget {
  readonly root: HTMLElement;
  readonly #choice = new ScopeChoice();
  readonly #presets = new Map<HTMLInputElement, readonly ScopeId[]>();
  readonly #boxes = new Map<ScopeId, HTMLInputElement>();
  readonly #groups = element("div", { class: "scope-groups" });
  readonly #everything = element("details", {}, element("summary", {}, l10n.t("Everything…")), this.#groups);
  readonly #summary = element("p", { class: "scopes-to-tick" });
  readonly #error = element("p", { class: "error" });

  constructor(private readonly onChange: (canPush: boolean) => void) {
    this.#choice.add(["repository", "repository:write"]);
    this.root = element(
      "div",
      { class: "field" },
      this.#presetRow(),
      this.#everything,
      this.#error,
      this.#summary,
    );
    this.showError(undefined);
    this.showKind("access");
  }

  get ids(): readonly ScopeId[] {
    return this.#choice.ids;
  }

  fill(names: readonly string[] | undefined): void {
    if (!names) return;
    this.#choice.replace(names);
    this.#refresh();
  }

  showKind(kind: TokenKind): void {
    this.#choice.switchTo(kind);
    this.#boxes.clear();
    this.#groups.replaceChildren(...this.#render([...groupScopes(scopesOf(kind))]));
    this.#refresh();
  }

  showError(message: string | undefined): void {
    say(this.#error, message);
  }

  focus(): void {
    openAround(this.#groups);
    this.#boxes.get("repository")?.focus();
  }

  #presetRow(): HTMLElement {
    const rows = purposes.map(({ id, label, scopes }) => {
      const box = element("input", { type: "checkbox", id: `preset-${id}` });
      this.#presets.set(box, scopes);
      box.addEventListener("change", () => {
        this.#set(scopes, box.checked);
      });
      return element("div", { class: "choice" }, box, element("label", { for: box.id }, label()));
    });
    const legend = element("legend", {}, l10n.t("What it is for"));
    return element(
      "fieldset",
      { class: "presets" },
      legend,
      element("div", { class: "preset-row" }, ...rows),
    );
  }

  #render(groups: readonly (readonly [string, readonly Scope[]])[]): readonly HTMLElement[] {
    return groups.map(([, scopes]) => {
      const { root, boxes } = scopeGroup(scopes, this.#choice.kind, (id, isTicked) => {
        this.#set([id], isTicked);
      });
      for (const [id, box] of boxes) this.#boxes.set(id, box);
      return root;
    });
  }

  #set(ids: readonly ScopeId[], isTicked: boolean): void {
    if (isTicked) this.#choice.add(ids);
    else this.#choice.drop(ids);
    this.showError(undefined);
    this.#refresh();
  }

  #refresh(): void {
    const ids = new Set(this.#choice.ids);
    for (const [id, box] of this.#boxes) box.checked = ids.has(id);
    for (const [box, needed] of this.#presets) box.checked = this.#choice.has(needed);
    this.#showSummary();
    this.onChange(this.#choice.has(["repository:write"]));
  }

  #showSummary(): void {
    const { ids, kind } = this.#choice;
    const names =
      kind === "api"
        ? scopeNames(ids, "api").map((name) => element("code", {}, name))
        : scopesOf(kind)
            .filter(({ id }) => ids.includes(id))
            .map(({ label }) => element("strong", {}, label()));
    const list = names.flatMap((name, index) => (index === 0 ? [name] : [", ", name]));
    const title =
      kind === "api" ? l10n.t("Scopes to select at Atlassian:") : l10n.t("Scopes to select on Bitbucket:");
    this.#summary.replaceChildren(title, " ", ...(list.length > 0 ? list : [l10n.t("none yet")]));
  }
}

function groupScopes(scopes: readonly Scope[]): ReadonlyMap<string, readonly Scope[]> {
  const groups = new Map<string, readonly Scope[]>();
  for (const scope of scopes) {
    const [name = ""] = scope.id.split(":");
    groups.set(name, [...(groups.get(name) ?? []), scope]);
  }
  return groups;
}
