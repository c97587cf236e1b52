/**
 * What runs in the page with the treemap: laying out boxes, drawing them, zooming. The functions go
 * into the page as they stand here, by their source text; so each uses nothing but its arguments,
 * the language, and the others. They are plain functions of this module, and tests call them.
 *
 * A treemap is "squarified": boxes are set in rows along the shorter side of what is left, and a row
 * takes one more box as long as its boxes become more like squares by that.
 */

/** Part of an image in the page; names are short because there are many. */
export interface TreemapNode {
  /** Name. */
  readonly n: string;
  /** Bytes, with all within. */
  readonly s: number;
  /** More about it, such as its lines. */
  readonly d?: string;
  /** What kind of bytes it is: an index of the legend; only for what has nothing within. */
  readonly k?: number;
  readonly c?: readonly TreemapNode[];
}

/** Pixels; of the outline. */
export interface Box {
  readonly node: TreemapNode;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** 0 for the node that is zoomed to. */
  readonly depth: number;
  /** Height of its heading; 0 when there is no room for one. */
  readonly heading: number;
}

/**
 * Rectangles that fill an area without gaps, each in proportion to its size.
 *
 * @param sizes positive, the largest first
 * @returns x, y, width and height of each
 */
export function squarify(
  sizes: readonly number[],
  x: number,
  y: number,
  w: number,
  h: number,
): [x: number, y: number, w: number, h: number][] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const scale = total > 0 ? (w * h) / total : 0;
  const boxes: [number, number, number, number][] = [];
  for (let start = 0; start < sizes.length; ) {
    const side = Math.min(w, h);
    const end = rowEnd(sizes, start, side, scale);
    const area = sizes.slice(start, end).reduce((sum, size) => sum + size * scale, 0);
    const thickness = side > 0 ? area / side : 0;
    let along = 0;
    for (let i = start; i < end; i++) {
      const length = thickness > 0 ? (sizes[i] * scale) / thickness : 0;
      if (w >= h) boxes.push([x, y + along, thickness, length]);
      else boxes.push([x + along, y, length, thickness]);
      along += length;
    }
    if (w >= h) {
      x += thickness;
      w = Math.max(0, w - thickness);
    } else {
      y += thickness;
      h = Math.max(0, h - thickness);
    }
    start = end;
  }
  return boxes;
}

/** Where the row that begins at `start` ends: before the box that would make it less square. */
export function rowEnd(
  sizes: readonly number[],
  start: number,
  side: number,
  scale: number,
): number {
  let sum = 0;
  let worst = Number.POSITIVE_INFINITY;
  for (let end = start; end < sizes.length; end++) {
    sum += sizes[end] * scale;
    const square = (side * side) / (sum * sum);
    const ratio = Math.max(square * sizes[start] * scale, 1 / (square * sizes[end] * scale));
    if (end > start && ratio > worst) return end;
    worst = ratio;
  }
  return sizes.length;
}

/** The boxes of a node and of what is within, as far as they can be seen; outer ones first. */
export function layOut(root: TreemapNode, width: number, height: number): Box[] {
  const boxes: Box[] = [];
  const place = (
    node: TreemapNode,
    x: number,
    y: number,
    w: number,
    h: number,
    depth: number,
  ): void => {
    if (w < 2 || h < 2) return;
    const children = (node.c ?? []).filter(({ s }) => s > 0).sort((a, b) => b.s - a.s);
    // What is zoomed to has its name above the map.
    const heading = depth > 0 && children.length > 0 && w > 36 && h > 36 ? 19 : 0;
    boxes.push({ node, x, y, w, h, depth, heading });
    const gap = depth === 0 ? 0 : Math.min(w, h) > 24 ? 3 : 1;
    const [innerW, innerH] = [w - 2 * gap, h - heading - (heading > 0 ? gap : 2 * gap)];
    if (children.length === 0 || innerW < 4 || innerH < 4) return;
    const sizes = children.map(({ s }) => s);
    const top = y + (heading > 0 ? heading : gap);
    squarify(sizes, x + gap, top, innerW, innerH).forEach(([cx, cy, cw, ch], i) => {
      place(children[i], cx, cy, cw, ch, depth + 1);
    });
  };
  place(root, 0, 0, width, height, 0);
  return boxes;
}

/** `12,345 bytes`. */
export function inBytes(count: number): string {
  return `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")} byte${count === 1 ? "" : "s"}`;
}

/** As much of the browser as the page needs. */
export interface PageElement {
  className: string;
  textContent: string | null;
  title: string;
  hidden: boolean;
  tabIndex: number;
  readonly style: { setProperty(name: string, value: string): void };
  readonly dataset: Record<string, string | undefined>;
  readonly clientWidth: number;
  readonly clientHeight: number;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: PageElement[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

export interface PageEvent {
  readonly key?: string;
  readonly clientX: number;
  readonly clientY: number;
  stopPropagation(): void;
}

export interface PageDocument {
  getElementById(id: string): PageElement;
  createElement(name: string): PageElement;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

export interface PageWindow {
  readonly innerWidth: number;
  readonly innerHeight: number;
  addEventListener(type: string, listener: () => void): void;
}

/** A piece of text of its own. */
export function makeText(document: PageDocument, className: string, content: string): PageElement {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = content;
  return element;
}

/** The element of a box; it answers to nothing yet. */
export function makeBox(document: PageDocument, box: Box): PageElement {
  const { node, x, y, w, h, depth, heading } = box;
  const made = document.createElement("div");
  made.className = node.c ? "group" : "leaf";
  if (node.k !== undefined) made.dataset.kind = String(node.k);
  made.dataset.depth = String(Math.min(depth, 4));
  const sides = { left: x, top: y, width: w, height: h };
  for (const [side, size] of Object.entries(sides)) made.style.setProperty(side, `${size}px`);
  const isWideLeaf = !node.c && w > 44;
  if (heading > 0 || (isWideLeaf && h > 18)) made.append(makeText(document, "name", node.n));
  if (heading > 0 && w > 130) made.append(makeText(document, "bytes", inBytes(node.s)));
  if (isWideLeaf && h > 36) {
    made.append(makeText(document, "bytes", inBytes(node.s).split(" ")[0]));
  }
  if (heading > 0) {
    made.tabIndex = 0;
    made.setAttribute("role", "button");
    made.setAttribute("aria-label", `${node.n}, ${inBytes(node.s)}`);
  }
  return made;
}

/** Shows what the pointer is on, beside it, towards the middle of the window. */
export function showTip(
  tip: PageElement,
  texts: readonly PageElement[],
  event: PageEvent,
  window: PageWindow,
): void {
  tip.replaceChildren(...texts);
  tip.hidden = false;
  const right = event.clientX > window.innerWidth / 2;
  const below = event.clientY > window.innerHeight / 2;
  tip.style.setProperty("left", `${event.clientX + (right ? -14 : 14)}px`);
  tip.style.setProperty("top", `${event.clientY + (below ? -14 : 14)}px`);
  tip.style.setProperty("transform", `translate(${right ? -100 : 0}%, ${below ? -100 : 0}%)`);
}

/**
 * Draws the map into the page and answers pointer and keys.
 *
 * @param kinds what the legend calls the kinds of bytes
 */
export function startTreemap(
  root: TreemapNode,
  kinds: readonly string[],
  document: PageDocument,
  window: PageWindow,
): void {
  const map = document.getElementById("map");
  const trail = document.getElementById("trail");
  const tip = document.getElementById("tip");
  // From the whole image to the node that is zoomed to.
  let path: readonly TreemapNode[] = [root];

  const sizeOf = (node: TreemapNode): string =>
    `${inBytes(node.s)} · ${((100 * node.s) / root.s).toFixed(1)} %`;

  const zoomTo = (next: readonly TreemapNode[]): void => {
    path = next;
    tip.hidden = true;
    draw();
  };

  /** @param way from the whole image to the node, both included */
  const textsOf = (way: readonly TreemapNode[]): PageElement[] => {
    const node = way[way.length - 1];
    const names = way.slice(1).map(({ n }) => n);
    const texts = [
      makeText(document, "names", names.join(" › ")),
      makeText(document, "bytes", sizeOf(node)),
    ];
    const kind = node.k === undefined ? undefined : kinds[node.k];
    if (kind !== undefined && kind !== node.n) texts.push(makeText(document, "more", kind));
    if (node.d !== undefined) texts.push(makeText(document, "more", node.d));
    return texts;
  };

  const boxElement = (box: Box, way: readonly TreemapNode[]): PageElement => {
    const element = makeBox(document, box);
    // A leaf is not worth a zoom of its own: one goes to what holds it.
    const goal = box.node.c ? way : way.slice(0, -1);
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      zoomTo(goal);
    });
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter") zoomTo(goal);
    });
    element.addEventListener("mousemove", (event) => {
      event.stopPropagation();
      showTip(tip, textsOf(way), event, window);
    });
    return element;
  };

  const draw = (): void => {
    const top = path[path.length - 1];
    // Boxes come outer ones first, so the way to a box is known when it comes.
    const ways = new Map<TreemapNode, readonly TreemapNode[]>([[top, path]]);
    const elements: PageElement[] = [];
    for (const box of layOut(top, map.clientWidth, map.clientHeight)) {
      const way = ways.get(box.node) ?? path;
      for (const child of box.node.c ?? []) ways.set(child, [...way, child]);
      if (box.depth > 0) elements.push(boxElement(box, way));
    }
    map.replaceChildren(...elements);
    const steps = path.map((node, i) => {
      const step = document.createElement("button");
      step.textContent = node.n;
      step.title = sizeOf(node);
      step.addEventListener("click", () => zoomTo(path.slice(0, i + 1)));
      return step;
    });
    trail.replaceChildren(...steps, makeText(document, "bytes", sizeOf(top)));
  };

  map.addEventListener("mouseleave", () => {
    tip.hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && path.length > 1) zoomTo(path.slice(0, -1));
  });
  window.addEventListener("resize", draw);
  draw();
}

/** All that the page's script consists of. */
export const PAGE_FUNCTIONS: readonly { toString(): string }[] = [
  squarify,
  rowEnd,
  layOut,
  inBytes,
  makeText,
  makeBox,
  showTip,
  startTreemap,
];
/** The one that is called, with the tree and the names of kinds. */
export const START: { readonly name: string } = startTreemap;
