// The person's settings, as files below the editor's data.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isFloor } from "./places.mjs";

/** The editor as a test wants it: quiet, offline, without a welcome. */
export const quietSettings = () => ({
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.autofetch": false,
  // The floor's Git extension opens what lies outside the workspace, a clone among it, only so.
  "git.openRepositoryInParentFolders": isFloor() ? "always" : "never",
  "remote.autoForwardPorts": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "terminal.integrated.enablePersistentSessions": false,
  "update.mode": "none",
  "window.restoreWindows": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
});

/**
 * A server reads a setting of scope `machine` from a file of its own and ignores it among the person's.
 * @param {string} userData
 * @param {Readonly<Record<string, unknown>>} settings
 */
export function writeSettings(userData, settings) {
  const machine = Object.entries(settings).filter(([name]) =>
    /^(bitbucketConnect\.\w+Url|git\.path)$/.test(name),
  );
  write(join(userData, "User"), settings);
  write(join(userData, "Machine"), Object.fromEntries(machine));
}

/**
 * @param {string} folder
 * @param {Readonly<Record<string, unknown>>} settings
 */
function write(folder, settings) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings, null, 2));
}
