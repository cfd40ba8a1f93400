type Settings = Readonly<Record<string, unknown>>;

export const quietSettings: Settings;
export function writeSettings(userData: string, settings: Settings): void;
