export const extent: "quick" | "full" | "thorough";
export const isQuick: boolean;
export const isThorough: boolean;
export const retries: number;
