export function packageExtension(vsix?: string): Promise<string>;
