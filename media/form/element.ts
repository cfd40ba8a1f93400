type Attributes = Readonly<Record<string, string | boolean | undefined>>;
type Child = Node | string | undefined;

/** Builds an element; text is always text, never markup. A `true` attribute is set empty, `false` and `undefined` are left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const built = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    built.setAttribute(name, value === true ? "" : value);
  }
  built.append(...children.filter((child) => child !== undefined));
  return built;
}

export function button(
  label: string,
  onClick: () => void,
  look: "primary" | "secondary" = "secondary",
): HTMLButtonElement {
  const built = element("button", { type: "button", class: look }, label);
  built.addEventListener("click", onClick);
  return built;
}

/** A field that is folded away can't take the keyboard. */
export function openAround(one: Element): void {
  for (let fold = one.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    fold.open = true;
    fold.hidden = false;
  }
}

/** Words in a live region, which stays in the page even when it is silent: one that appears is often not read out. */
export function announce(region: HTMLElement, text: string | undefined): void {
  region.textContent = text ?? "";
}

/** Shows or hides an element by whether there is something to say. */
export function say(target: HTMLElement, text: string | undefined): void {
  target.textContent = text ?? "";
  target.hidden = !text;
}
