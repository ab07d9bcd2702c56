// How a map is handled. The wheel and one finger move the page until the map is used: pressed, or worked by keys. Ctrl with
// the wheel, two fingers and the buttons zoom at any time; where a map fills the screen, the wheel does too.

import { calm } from "./outlines.js";
import { el, svgEl } from "./elements.js";
import { phrase } from "./words.js";

const TOLD_MILLISECONDS = 1600;
const LABEL_PIXELS = [64, 30]; // beside and above the whole area, for names at its edge
const FRAMES = {
  whole: "M1 5V1h4M11 1h4v4M15 11v4h-4M5 15H1v-4",
  image: "M1 4.5h3.5l1.5-2h4l1.5 2H15v9H1zM8 6.2a2.6 2.6 0 1 0 .01 0z",
  full: "M9.5 6.5L15 1M15 6V1h-5M6.5 9.5L1 15M1 10v5h5",
};

/** The room that names at the edge of the whole area take, as options of `fitBounds`. */
export function roomOf(map) {
  const { x, y } = map.getSize();
  return { padding: [Math.min(LABEL_PIXELS[0], 0.07 * x), Math.min(LABEL_PIXELS[1], 0.05 * y)] };
}

const pageScrolls = () => document.documentElement.scrollHeight > innerHeight + 1;

export function startHandling(map, bounds) {
  const place = map.getContainer();
  const stage = place.closest(".stage") || place;
  const fills = () => document.fullscreenElement !== null;
  const coarse = matchMedia("(pointer: coarse)").matches;
  let used = false;
  const use = (now) => {
    used = now;
    if (coarse) map.dragging[used || fills() || !pageScrolls() ? "enable" : "disable"]();
  };
  const tell = teller(place);

  addEventListener("pointerdown", (event) => {
    if (!stage.contains(event.target)) use(false);
    else if (event.pointerType !== "touch") use(true);
  });
  stage.addEventListener("click", () => use(true)); // of a finger only a tap counts: it may be about to move the page
  place.addEventListener("keydown", () => use(true));
  place.addEventListener(
    "wheel",
    (event) => {
      const zooms = event.ctrlKey || event.metaKey || used || fills() || !pageScrolls();
      map.scrollWheelZoom[zooms ? "enable" : "disable"]();
      if (!zooms) tell(phrase("Ctrl and the wheel zoom the map, or press on it first"));
    },
    { capture: true, passive: true },
  );
  place.addEventListener(
    "touchmove",
    (event) => {
      if (event.touches.length === 1 && !map.dragging.enabled()) {
        tell(phrase("Two fingers move the map, or tap it first"));
      }
    },
    { passive: true },
  );
  addEventListener("fullscreenchange", () => {
    map.invalidateSize({ animate: false });
    use(used);
  });
  use(false);

  addButton(map, "whole", phrase("Show the whole area"), () =>
    map.fitBounds(bounds, { ...roomOf(map), animate: !calm }),
  );
  if (document.fullscreenEnabled) {
    addButton(map, "full", phrase("Fill the screen with the map, or no longer"), () =>
      fills() ? document.exitFullscreen() : stage.requestFullscreen(),
    );
  }
}

// Words over the map for a moment. They help a hand that holds a wheel; the page says the rest.
function teller(place) {
  const words = el("p", { class: "how", "aria-hidden": "true" });
  place.append(words);
  let ends = 0;
  return (how) => {
    words.textContent = how;
    words.classList.add("told-now");
    clearTimeout(ends);
    ends = setTimeout(() => words.classList.remove("told-now"), TOLD_MILLISECONDS);
  };
}

export function addButton(map, name, title, click) {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const path = svgEl("path", { d: FRAMES[name], fill: "none", stroke: "currentColor", "stroke-width": 2 });
    const svg = svgEl("svg", { width: 16, height: 16, viewBox: "0 0 16 16", "aria-hidden": "true" }, path);
    const button = el("button", { type: "button", class: `tool ${name}`, title, "aria-label": title, click }, svg);
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  control.addTo(map);
}
