// Elements, and figures in words. Text only ever becomes text nodes.

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "click") node.addEventListener("click", value);
    else if (value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function svgEl(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const plural = (count, one, many) => `${count} ${count === 1 ? one : many}`;
const minutes = (value) => (value === null || value === undefined ? "–" : `${Number(value.toFixed(1))} min`);
const kilometres = (value) => `${Number(value.toFixed(1))} km`;
