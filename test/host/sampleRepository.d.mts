export function makeSampleRepository(folder: string): string;
