import * as l10n from "@vscode/l10n";
import { parseAddress, tryParseAddress } from "../../src/bitbucket/address";
import { fullName, type BitbucketSite, type RepositoryName } from "../../src/bitbucket/site";
import { problemOf } from "../../src/errors";
import type { FormState } from "../../src/protocol/formMessages";
import { TextField } from "./textField";

/** The repository in any spelling, echoed as the one that it was understood to be. */
export class RepositoryField extends TextField {
  #site: BitbucketSite | undefined;
  #forNone: HTMLElement | undefined;

  constructor(private readonly onRepository: (repository: RepositoryName | undefined) => void) {
    super({ id: "repository", label: l10n.t("Repository"), required: true });
    this.control.addEventListener("input", () => {
      this.refresh();
    });
    this.control.addEventListener("change", () => {
      if (this.value !== "") this.showError(this.problem());
    });
  }

  get repository(): RepositoryName | undefined {
    if (!this.#site || this.value === "") return undefined;
    return tryParseAddress(this.value, this.#site)?.repository;
  }

  /** Proposes the repository that a remote points at already. */
  show(state: FormState): void {
    this.#site = { webUrl: state.webUrl, apiUrl: state.apiUrl };
    this.propose(state.remotes.find(({ repository }) => repository)?.repository ?? "");
    this.refresh();
  }

  override fill(text: string | undefined): void {
    super.fill(text);
    this.refresh();
  }

  /** Shows it only where no repository is named. */
  whileEmpty(shown: HTMLElement): void {
    this.#forNone = shown;
  }

  problem(): string | undefined {
    if (this.value === "") return l10n.t("Enter the repository, or paste its URL.");
    const site = this.#site;
    return site && problemOf(() => parseAddress(this.value, site));
  }

  refresh(): void {
    const repository = this.repository;
    this.showHint(
      repository && this.#site
        ? l10n.t("{0} on {1}", fullName(repository), new URL(this.#site.webUrl).host)
        : l10n.t("workspace/name, any of its URLs, or a whole git clone command."),
    );
    if (this.#forNone) this.#forNone.hidden = repository !== undefined;
    this.onRepository(repository);
  }
}
