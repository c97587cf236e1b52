/**
 * The page of `luacross size --html`: its layout, and its script as it stands in the page, run over
 * a document of a few lines.
 */
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { fromBytes, toText } from "../../src/base/lua-string.ts";
import {
  type Box,
  layOut,
  type PageElement,
  type PageEvent,
  squarify,
  type TreemapNode,
} from "../../src/cli/tools/treemap-script.ts";
import { compactOf, TARGET_30 } from "../device/support.ts";
import { Random } from "../fuzz/random.ts";
import { run } from "./tools-support.ts";

function randomSizes(random: Random): number[] {
  const sizes = Array.from({ length: random.magnitude(1, 60) }, () => random.magnitude(1, 5000));
  return sizes.sort((a, b) => b - a);
}

describe("squares", () => {
  test("fill the area in proportion, without gaps and overlaps", () => {
    const random = new Random("squarify");
    for (let i = 0; i < 300; i++) {
      const sizes = randomSizes(random);
      const [w, h] = [random.magnitude(10, 2000), random.magnitude(10, 2000)];
      const boxes = squarify(sizes, 5, 7, w, h);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      expect(boxes).toHaveLength(sizes.length);
      boxes.forEach(([x, y, bw, bh], k) => {
        expect(bw * bh).toBeCloseTo((w * h * sizes[k]) / total, 3);
        expect(x >= 5 - 1e-6 && y >= 7 - 1e-6).toBe(true);
        expect(x + bw <= 5 + w + 1e-6 && y + bh <= 7 + h + 1e-6).toBe(true);
      });
      for (const [a, b] of boxes.flatMap((a, k) => boxes.slice(k + 1).map((b) => [a, b]))) {
        const across = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
        const down = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
        expect(across < 1e-6 || down < 1e-6).toBe(true);
      }
    }
  });

  test("are more like squares than slices would be", () => {
    const sizes = new Array(36).fill(1);
    for (const [, , w, h] of squarify(sizes, 0, 0, 600, 600)) {
      expect(Math.max(w / h, h / w)).toBeLessThan(1.5);
    }
    // The worked example of those who thought of it.
    const [first] = squarify([6, 6, 4, 3, 2, 2, 1], 0, 0, 6, 4);
    expect(first).toEqual([0, 0, 3, 2]);
  });

  test("of nothing are nothing", () => {
    expect(squarify([], 0, 0, 9, 9)).toEqual([]);
    expect(squarify([1, 1], 0, 0, 0, 9).every(([, , w]) => w === 0)).toBe(true);
  });
});

const TREE: TreemapNode = {
  n: "all",
  s: 100,
  c: [
    {
      n: "big",
      s: 70,
      c: [
        { n: "code", s: 50, k: 0 },
        { n: "f", s: 20, c: [{ n: "code", s: 20, k: 0 }] },
      ],
    },
    { n: "small", s: 30, c: [{ n: "strings", s: 30, k: 2 }] },
    { n: "empty", s: 0, c: [] },
  ],
};

function inside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y + outer.heading &&
    inner.x + inner.w <= outer.x + outer.w + 1e-6 &&
    inner.y + inner.h <= outer.y + outer.h + 1e-6
  );
}

describe("the map", () => {
  test("has everything in what it belongs to, below its heading", () => {
    const boxes = layOut(TREE, 800, 500);
    expect(boxes.map(({ node }) => node.n)).toEqual([
      "all",
      "big",
      "code",
      "f",
      "code",
      "small",
      "strings",
    ]);
    const boxOf = (node: TreemapNode) => boxes.find((box) => box.node === node);
    for (const box of boxes) {
      for (const child of box.node.c ?? []) {
        const inner = boxOf(child);
        if (inner) expect(inside(inner, box)).toBe(true);
      }
    }
  });

  test("leaves out what nobody could see", () => {
    expect(layOut(TREE, 20, 12).length).toBeLessThan(7);
    expect(layOut(TREE, 0, 0)).toEqual([]);
  });
});

/** As much of a document as the page's script uses. */
class FakeElement implements PageElement {
  className = "";
  textContent: string | null = null;
  title = "";
  hidden = false;
  tabIndex = -1;
  clientWidth = 900;
  clientHeight = 600;
  readonly dataset: Record<string, string | undefined> = {};
  readonly attributes: Record<string, string> = {};
  readonly styles: Record<string, string> = {};
  readonly style = {
    setProperty: (name: string, value: string) => {
      this.styles[name] = value;
    },
  };
  children: FakeElement[] = [];
  readonly listeners: Record<string, (event: PageEvent) => void> = {};

  append(...children: (PageElement | string)[]): void {
    this.children.push(...(children as FakeElement[]));
  }

  replaceChildren(...children: PageElement[]): void {
    this.children = children as FakeElement[];
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  addEventListener(type: string, listener: (event: PageEvent) => void): void {
    this.listeners[type] = listener;
  }

  fire(type: string, event: Partial<PageEvent> = {}): void {
    this.listeners[type]({ clientX: 10, clientY: 10, stopPropagation() {}, ...event });
  }

  get words(): string {
    return this.children.map(({ textContent }) => textContent).join("|");
  }
}

/** The page of an image, with its script run. */
function openPage() {
  const files = { "c.img": fromBytes(compactOf(TARGET_30)) };
  const page = toText(run(["size", "--html", "p.html", "c.img"], { files }).files["p.html"]);
  const [, script] = /<script>([\s\S]*)<\/script>/.exec(page) ?? [];
  const named: Record<string, FakeElement> = {};
  for (const id of ["map", "trail", "tip"]) named[id] = new FakeElement();
  const document = new FakeElement();
  const window = Object.assign(new FakeElement(), { innerWidth: 900, innerHeight: 700 });
  const globals = {
    document: Object.assign(document, {
      getElementById: (id: string) => named[id],
      createElement: () => new FakeElement(),
    }),
    window,
  };
  runInNewContext(script, globals, { timeout: 5000 });
  return { page, document, window, map: named.map, trail: named.trail, tip: named.tip };
}

describe("the page", () => {
  test("asks nothing of any network", () => {
    const { page } = openPage();
    expect(page).toContain(`content="default-src 'none';`);
    expect(page).not.toMatch(/https?:|\bsrc=|\bhref=|@import|url\(/);
  });

  test("is drawn when it opens, and anew when its size changes", () => {
    const { map, trail, window } = openPage();
    const before = map.children;
    expect(before.length).toBeGreaterThan(15);
    expect(trail.words).toBe("whole image|884 bytes · 100.0 %");
    map.clientWidth = 400;
    window.fire("resize");
    expect(map.children).not.toBe(before);
    for (const { styles } of map.children) {
      expect(Number.parseFloat(styles.left) + Number.parseFloat(styles.width)).toBeLessThan(400.01);
    }
  });

  test("shows what the pointer is on", () => {
    const { map, tip } = openPage();
    const leaf = map.children.find(
      ({ className, dataset }) => className === "leaf" && dataset.kind === "0",
    );
    leaf?.fire("mousemove", { clientX: 800, clientY: 20 });
    expect(tip.hidden).toBe(false);
    expect(tip.words).toMatch(/› code\|\d+ bytes · \d+\.\d %/);
    expect(tip.styles).toMatchObject({
      left: "786px",
      top: "34px",
      transform: "translate(-100%, 0%)",
    });
    map.fire("mouseleave");
    expect(tip.hidden).toBe(true);
  });

  test("zooms in by click and key, and out again", () => {
    const { map, trail, document } = openPage();
    const all = map.children.length;
    const group = (name: string) => map.children.find(({ words }) => words.startsWith(name));
    group("mod")?.fire("click");
    expect(trail.words).toMatch(/^whole image\|mod\|368 bytes/);
    expect(map.children.length).toBeLessThan(all);
    group("line 1")?.fire("keydown", { key: "Enter" });
    expect(trail.words).toMatch(/^whole image\|mod\|line 1\|/);
    document.fire("keydown", { key: "Escape" });
    expect(trail.words).toMatch(/^whole image\|mod\|3/);
    trail.children[0].fire("click");
    expect(map.children).toHaveLength(all);
    document.fire("keydown", { key: "Escape" });
    expect(map.children).toHaveLength(all);
  });

  test("has a table for those who cannot see the map", () => {
    const { page } = openPage();
    expect(page).toContain('<tr><th scope="row">mod</th><td>368</td>');
    expect(page).toContain('<tr><th scope="row">total</th><td>884</td>');
  });

  test("takes names for what they are", () => {
    const name = '<script>alert("1")&.lua';
    const source = 'function t() end t["</script>"] = function() end';
    const files = { [name]: source };
    const { files: written } = run(["size", "--html", "p.html", name], { files });
    const page = toText(written["p.html"]);
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&amp;.lua");
  });
});
