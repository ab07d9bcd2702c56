// The land of partnerships, joined from the land of their schools. An edge that two of its schools share is inside; the
// others are its outline. Neighbours share edges to the last digit, so no seam shows.

import { STEPS_PER_DEGREE } from "./outlines.js";

/** The corners of a packed ring as whole steps, the last not the first again. */
function corners(steps) {
  const found = [];
  let [north, east] = [0, 0];
  for (let i = 0; i < steps.length; i += 2) {
    north += steps[i];
    east += steps[i + 1];
    found.push([north, east]);
  }
  const [first, last] = [found[0], found.at(-1)];
  if (found.length > 1 && first[0] === last[0] && first[1] === last[1]) found.pop();
  return found;
}

const area = (ring) =>
  ring.reduce((sum, [y, x], i) => {
    const [next, over] = ring[(i + 1) % ring.length];
    return sum + x * next - over * y;
  }, 0);

export const degrees = (ring) => ring.map(([north, east]) => [north / STEPS_PER_DEGREE, east / STEPS_PER_DEGREE]);
const keyOf = ([north, east]) => `${north},${east}`;

/** The rings of each school's land, outer ones one way round and holes the other. */
export function ringsOf(packed) {
  return packed.flatMap((rings) =>
    rings.map((steps, place) => {
      const ring = corners(steps);
      return area(ring) > 0 === (place === 0) ? ring : ring.reverse();
    }),
  );
}

/** The outline of several schools' land, as rings in degrees. */
export function joined(cells) {
  const onward = new Map(); // from a corner to the next ones
  for (const ring of cells.flat()) {
    ring.forEach((corner, i) => {
      const next = ring[(i + 1) % ring.length];
      const [from, to] = [keyOf(corner), keyOf(next)];
      const back = onward.get(to);
      if (back?.has(from)) return back.delete(from);
      if (!onward.has(from)) onward.set(from, new Map());
      onward.get(from).set(to, [corner, next]);
    });
  }
  const rings = [];
  for (const [from, ways] of onward) {
    while (ways.size) {
      const ring = [];
      let here = from;
      while (onward.get(here)?.size) {
        const [to, [corner]] = onward.get(here).entries().next().value;
        onward.get(here).delete(to);
        ring.push(corner);
        here = to;
      }
      if (ring.length > 2) rings.push(degrees(ring));
    }
  }
  return rings;
}

/** Whether a place lies within rings in whole steps. */
export function covers(rings, { lat, lng }) {
  const [y, x] = [lat * STEPS_PER_DEGREE, lng * STEPS_PER_DEGREE];
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [[y1, x1], [y2, x2]] = [ring[i], ring[j]];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}

const ABOVE_DEGREES = 0.012; // north of a school: clear of its sign

/** Places where a label has room, the best first: corners and edges between a partnership's schools, clear of their signs. */
export function clearSpots(cells, spots) {
  const seen = new Map();
  for (const ring of cells.flat()) {
    ring.forEach((corner, i) => {
      const next = ring[(i + 1) % ring.length];
      const middle = [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2];
      for (const place of [corner, middle]) seen.set(keyOf(place), [place, (seen.get(keyOf(place))?.[1] || 0) + 1]);
    });
  }
  const shared = degrees([...seen.values()].filter(([, count]) => count > 1).map(([place]) => place));
  const middle = [0, 1].map((n) => spots.reduce((sum, spot) => sum + spot[n], 0) / spots.length);
  const away = (a, b) => Math.hypot(a[0] - b[0], (a[1] - b[1]) * 0.6);
  const room = (place) => Math.min(...spots.map((spot) => away(place, spot))) - 0.35 * away(place, middle);
  const roomy = shared.map((place) => [room(place), place]).sort((a, b) => b[0] - a[0]);
  const above = [middle, ...spots].map(([north, east]) => [north + ABOVE_DEGREES, east]);
  const own = above.filter(([lat, lng]) => cells.some((rings) => covers(rings, { lat, lng }))); // on no other's land
  return [...roomy.map(([, place]) => place), ...own, ...spots];
}
