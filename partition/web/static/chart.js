// A drawing of figures over two axes, as wide as the page has room for.

import { svgEl } from "./elements.js";

const WIDTH_LEAST = 260;

export class Chart {
  /** `room` is what the drawing keeps free at its edges, and its `height`; `inset` that of the first figure from the axis. */
  constructor(svg, room) {
    this.svg = svg;
    this.room = { inset: 0, ...room };
  }

  /** Begin afresh: figures run from the first to the last of each pair, and what lies beyond is drawn at the edge. */
  begin(across, up) {
    Object.assign(this, { across, up, width: Math.max(this.svg.clientWidth, WIDTH_LEAST) });
    this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.room.height}`);
    this.svg.replaceChildren(...this.svg.querySelectorAll("title"));
  }

  x(value) {
    const { left, inset, right } = this.room;
    return left + inset + share(value, this.across) * (this.width - left - inset - right);
  }

  y(value) {
    const { top, bottom, height } = this.room;
    return top + (1 - share(value, this.up)) * (height - top - bottom);
  }

  /** Lines across at the least, the middle and the most, each with its words. */
  rule(wordsOf) {
    const { left, right } = this.room;
    const [low, high] = this.up;
    for (const value of [low, (low + high) / 2, high]) {
      this.add("path", { class: "axis", d: `M${left} ${this.y(value)}H${this.width - right}` });
      this.write(wordsOf(value), left - 8, this.y(value) + 4, "end");
    }
  }

  write(words, x, y, anchor = "start", name = "") {
    this.add("text", { x, y, "text-anchor": anchor, class: name }, words);
  }

  add(tag, attributes, ...children) {
    this.svg.append(svgEl(tag, attributes, ...children));
  }
}

function share(value, [first, last]) {
  return Math.min(1, Math.max(0, (value - first) / (last - first || 1)));
}
