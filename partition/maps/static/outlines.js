// How positions and signs are stated: packed positions as points, the outlines of signs, and whether anything may move.

export const STEPS_PER_DEGREE = 1e5;
export const OUTLINES = {
  circle: (x, y, r) => `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`,
  square: (x, y, r) => `M${x - r * 0.9},${y - r * 0.9}h${r * 1.8}v${r * 1.8}h${-r * 1.8}z`,
  diamond: (x, y, r) => `M${x},${y - r * 1.3}L${x + r * 1.3},${y}L${x},${y + r * 1.3}L${x - r * 1.3},${y}z`,
  star: (x, y, r) =>
    `M${[...Array(10).keys()]
      .map((i) => {
        const [far, turn] = [r * (i % 2 ? 0.7 : 1.7), (i * Math.PI) / 5];
        return `${x + far * Math.sin(turn)},${y - far * Math.cos(turn)}`;
      })
      .join("L")}z`,
  notch: (x, y, r) => `M${x + r * 0.3},${y - r - 5}h8.5l-4.25,7z`,
};
/** How near to a school a press must be. */
export const REACH_PIXELS = matchMedia("(pointer: coarse)").matches ? 22 : 13;
export const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

export function unpack(steps) {
  const points = [];
  let north = 0,
    east = 0;
  for (let i = 0; i < steps.length; i += 2) {
    north += steps[i];
    east += steps[i + 1];
    points.push([north / STEPS_PER_DEGREE, east / STEPS_PER_DEGREE]);
  }
  return points;
}

// Google's encoded polyline, five bits a letter, the lowest first; the lowest bit of a step is its sign.
export function unpackLetters(letters) {
  const steps = [];
  let value = 0,
    shift = 0;
  for (const letter of letters) {
    const bits = letter.charCodeAt(0) - 63;
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits >= 32) continue;
    steps.push(value & 1 ? ~(value >> 1) : value >> 1);
    value = shift = 0;
  }
  return unpack(steps);
}
