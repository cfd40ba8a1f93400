import { scopeNames, type Scope, type ScopeId } from "../../src/bitbucket/scopes";
import { element } from "./element";
import type { TokenKind } from "./tokenKindField";

/** The boxes of one kind of thing (repositories, pull requests, …), with what each gives and doesn't. */
export function scopeGroup(
  scopes: readonly Scope[],
  kind: TokenKind,
  onTick: (id: ScopeId, isTicked: boolean) => void,
): { readonly root: HTMLElement; readonly boxes: ReadonlyMap<ScopeId, HTMLInputElement> } {
  const boxes = new Map<ScopeId, HTMLInputElement>();
  const rows = scopes.map((scope) => {
    const box = scopeBox(scope, onTick);
    boxes.set(scope.id, box);
    return scopeRow(scope, kind, box);
  });
  const [title] = splitLabel(scopes[0]);
  return {
    root: element("fieldset", { class: "scope-group" }, element("legend", {}, title), ...rows),
    boxes,
  };
}

function scopeBox(scope: Scope, onTick: (id: ScopeId, isTicked: boolean) => void): HTMLInputElement {
  const id = toElementId(scope.id);
  const box = element("input", { type: "checkbox", id, "aria-describedby": `${id}-detail` });
  box.addEventListener("change", () => {
    onTick(scope.id, box.checked);
  });
  return box;
}

/** The legend shows the first half of the label; the accessible name keeps it whole. */
function scopeRow(scope: Scope, kind: TokenKind, box: HTMLInputElement): HTMLElement {
  const [group, title] = splitLabel(scope);
  const detail = [scope.gives(), scope.givesNot()].filter(Boolean).join(" ");
  const names = kind === "api" ? scopeNames([scope.id], "api") : [];
  return element(
    "div",
    { class: "choice" },
    box,
    element("label", { for: box.id }, element("span", { class: "unseen" }, `${group}: `), title),
    element(
      "p",
      { class: "hint", id: `${box.id}-detail` },
      detail,
      ...names.flatMap((name) => [" ", element("code", {}, name)]),
    ),
  );
}

function splitLabel(scope: Scope | undefined): readonly [group: string, title: string] {
  const [group = "", ...title] = (scope?.label() ?? "").split(": ");
  return [group, title.join(": ")];
}

function toElementId(id: ScopeId): string {
  return `scope-${id.replace(":", "-")}`;
}
