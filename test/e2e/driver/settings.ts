import { writeSettings } from "../../host/settings.mjs";
import type { Stage } from "./stage";

/** The person's settings. code-server doesn't watch its files: a window has what was there when it was opened. */
export class Settings {
  current: Readonly<Record<string, unknown>> = {};

  constructor(private readonly editor: Stage["editor"]) {}

  /** In place of what was there, beside what every test needs. */
  write(settings: Readonly<Record<string, unknown>>): void {
    this.current = settings;
    writeSettings(this.editor.userData, { ...this.editor.settings, ...settings });
  }
}
