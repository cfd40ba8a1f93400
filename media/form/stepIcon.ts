import type { StepState } from "../../src/protocol/formMessages";

const svgNamespace = "http://www.w3.org/2000/svg";

/** Strokes on a 16 × 16 grid. */
const strokes: Readonly<Record<StepState, string>> = {
  waiting: "M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9",
  running: "M8 2.5a5.5 5.5 0 1 1-5.5 5.5",
  done: "M3 8.5l3.2 3.2L13 4.8",
  skipped: "M4 8h8",
  failed: "M4 4l8 8M12 4l-8 8",
  undone: "M6 3L3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6",
};

/** Drawn here, as the page may load no picture and no font. */
export function stepIcon(state: StepState): SVGSVGElement {
  const icon = document.createElementNS(svgNamespace, "svg");
  icon.setAttribute("viewBox", "0 0 16 16");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(svgNamespace, "path");
  path.setAttribute("d", strokes[state]);
  icon.append(path);
  return icon;
}
