// Beside the map the panel, on a phone a sheet below that can be pulled up: by its grip, dragged, pressed or by keyboard.

const STEPS = ["low", "half", "high"];
const NARROW = matchMedia("(max-width: 760px)");
const PULL_PIXELS = 24;

export class Sheet {
  constructor() {
    this.panel = document.getElementById("panel");
    this.grip = document.getElementById("grip");
    this.set("low");
    NARROW.addEventListener("change", () => this.set(this.at));
    let from = null;
    this.grip.addEventListener("pointerdown", (event) => {
      from = event.clientY;
      this.grip.setPointerCapture(event.pointerId);
    });
    this.grip.addEventListener("pointerup", (event) => {
      const moved = from === null ? 0 : event.clientY - from;
      from = null;
      this.dragged = Math.abs(moved) > PULL_PIXELS;
      if (this.dragged) this.step(moved < 0 ? 1 : -1);
    });
    this.grip.addEventListener("click", () => {
      if (!this.dragged) {
        this.set(this.at === "high" ? "low" : NARROW.matches ? STEPS[STEPS.indexOf(this.at) + 1] : "high");
      }
      this.dragged = false;
    });
  }

  step(by) {
    this.set(STEPS[Math.min(Math.max(STEPS.indexOf(this.at) + by, 0), STEPS.length - 1)]);
  }

  set(at) {
    this.at = at;
    for (const step of STEPS) this.panel.classList.toggle(step, step === at);
    this.grip.setAttribute("aria-expanded", String(at !== "low"));
    const words = NARROW.matches ? ["Pull up", "Push down"] : ["More room", "Less room"];
    this.grip.firstElementChild.textContent = words[Number(at === "high")];
  }

  /** Room for what is chosen, unless the reader has made room already. */
  rise() {
    if (this.at === "low" && NARROW.matches) this.set("half");
  }

  /** Pixels of the map beneath it: at the right, and below. */
  covered() {
    const { width, height } = this.panel.getBoundingClientRect();
    return NARROW.matches ? [0, height] : [width + 24, 0];
  }
}
