import { fullName, type BitbucketSite } from "../../src/bitbucket/site";
import { announce, element } from "./element";
import type { FormFields } from "./formFields";
import { describeSnippet, watchForSnippets, type Snippet } from "./pastedSnippet";

/** Puts what a paste holds into the right fields, and says what it was. */
export class PastedNotice {
  readonly root = element("p", { class: "pasted", role: "status" });

  constructor(private readonly fields: FormFields) {
    fields.token.control.addEventListener("input", () => {
      this.clear();
      fields.followToken();
    });
  }

  watch(form: HTMLElement, site: () => BitbucketSite | undefined, onTaken: () => void): void {
    watchForSnippets(form, this.fields.token.control, site, (snippet) => {
      this.#take(snippet);
      onTaken();
    });
  }

  clear(): void {
    announce(this.root, undefined);
  }

  #take(snippet: Snippet): void {
    const { token, repository, email, userName } = snippet;
    this.fields.token.fill(token);
    this.fields.followToken();
    this.fields.account.fill(userName);
    if (repository) this.fields.repository.fill(fullName(repository));
    const tookEmail = email !== undefined && this.fields.email.takeBotEmail(email);
    announce(this.root, describeSnippet(snippet, tookEmail));
  }
}
