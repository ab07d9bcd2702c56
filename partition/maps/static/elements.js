// Elements of a page. Text only ever becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";

/** An element; attributes and children that are nothing, false or empty are left out, and `click` is what a click does. */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  const there = (value) => value !== undefined && value !== null && value !== false && value !== "";
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "click") node.addEventListener("click", value);
    else if (there(value)) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter(there));
  return node;
}

/** An element of a drawing. */
export function svgEl(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
