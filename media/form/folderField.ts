import * as l10n from "@vscode/l10n";
import type { FormState } from "../../src/protocol/formMessages";
import { element } from "./element";
import { Field } from "./field";

/** Asks which open repository it is about, where there are several. */
export class FolderField extends Field<HTMLSelectElement> {
  constructor(onChoose: (folder: string) => void) {
    super(element("select"), { id: "folder", label: l10n.t("Folder") });
    this.root.hidden = true;
    this.control.addEventListener("change", () => {
      onChoose(this.control.value);
    });
  }

  show(state: FormState): void {
    this.control.replaceChildren(
      ...state.folders.map(({ path, name }) => element("option", { value: path }, name)),
    );
    this.control.value = state.folder;
    this.root.hidden = state.folders.length < 2;
    const chosen = state.folders.find(({ path }) => path === state.folder);
    this.showHint(chosen && chosen.path !== chosen.name ? chosen.path : undefined);
  }
}
