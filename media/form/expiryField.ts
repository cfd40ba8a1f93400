import * as l10n from "@vscode/l10n";
import { element } from "./element";
import { Field } from "./field";
import { TextField } from "./textField";

/** The lifetimes that Bitbucket's page offers, in days. */
const lifetimes = ["90", "180", "365"] as const;

/** When the token expires, as chosen on Bitbucket: no API tells. */
export class ExpiryField extends Field<HTMLSelectElement> {
  readonly date = new TextField({ id: "expiryDate", label: l10n.t("Expiry date"), type: "date" });

  constructor() {
    super(element("select", {}, ...options()), {
      id: "expires",
      label: l10n.t("Expires"),
      hint: l10n.t("As chosen on Bitbucket. Enter it to be reminded."),
    });
    this.date.root.hidden = true;
    this.control.addEventListener("change", () => {
      this.date.root.hidden = this.control.value !== "date";
    });
  }

  fill(expires: string | undefined): void {
    if (expires === undefined) return;
    this.control.value = expires === "" ? "" : "date";
    this.date.fill(expires);
    this.date.root.hidden = expires === "";
  }

  /** An ISO date, or empty where it isn't known. */
  get value(): string {
    const choice = this.control.value;
    if (choice === "date") return this.date.value;
    return choice === "" ? "" : isoDateIn(Number(choice), new Date());
  }

  problem(): string | undefined {
    if (this.control.value !== "date" || this.date.value !== "") return undefined;
    return l10n.t("Enter the date, or choose another option above it.");
  }
}

function options(): readonly HTMLOptionElement[] {
  return [
    element("option", { value: "" }, l10n.t("Unknown or never")),
    ...lifetimes.map((days) => element("option", { value: days }, l10n.t("In {0} days", days))),
    element("option", { value: "date" }, l10n.t("On a date…")),
  ];
}

/** In local time: a person counts days by the own calendar. */
function isoDateIn(days: number, today: Date): string {
  const date = new Date(today.getFullYear(), today.getMonth(), today.getDate() + days);
  const twoDigits = (part: number): string => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}
