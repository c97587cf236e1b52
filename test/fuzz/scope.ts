/**
 * What names mean while a program is being written: which locals are visible, how many registers
 * they take, and what each function captures. Keeps programs inside the compiler's limits
 * (lua51.md §2.2) so that nearly all of them compile.
 */
import type { Features } from "./features.ts";

const HIDDEN = "(hidden)";

interface Local {
  readonly name: string;
  /** Tells shadowed locals of the same name apart. */
  readonly id: number;
}

/** One function that is being written, and its place in the functions around it. */
export class FunctionScope {
  readonly parent: FunctionScope | undefined;
  /** True where `...` may be used. */
  readonly isVararg: boolean;
  private readonly locals: Local[] = [];
  private readonly captured = new Set<number>();
  /** Loops around the current place, inside this function. */
  loopDepth = 0;
  /** Labels that a goto here can go to. */
  readonly labels: string[] = [];
  private readonly features: Features;
  private readonly ids: { next: number };

  constructor(parent: FunctionScope | undefined, isVararg: boolean, features: Features) {
    this.features = features;
    this.parent = parent;
    this.isVararg = isVararg;
    this.ids = parent?.ids ?? { next: 0 };
  }

  /** Local variables that can still be declared. */
  get room(): number {
    return this.features.mostLocals - this.locals.length;
  }

  /** Declares a local variable from here to the end of its block. */
  declare(name: string): void {
    this.locals.push({ name, id: this.ids.next++ });
  }

  /** Marks a place to {@link leave} to, at the start of a block. */
  enter(): number {
    return this.locals.length;
  }

  /** Forgets the locals of a block. */
  leave(mark: number): void {
    this.locals.length = mark;
  }

  /** Takes room for local variables that have no name a program could use. */
  hide(count: number): void {
    for (let i = 0; i < count; i++) this.declare(HIDDEN);
  }

  /** Names of this function's locals, innermost last; shadowed ones occur more than once. */
  localNames(): string[] {
    return this.locals.map((local) => local.name).filter((name) => name !== HIDDEN);
  }

  /** All names that mean a local variable here, own or captured. */
  visibleNames(): string[] {
    const outer = this.parent?.visibleNames() ?? [];
    return [...outer, ...this.localNames()];
  }

  /**
   * Uses a name. False when that would capture one variable too many; then the name must not be
   * written here.
   */
  use(name: string): boolean {
    const owner = this.ownerOf(name);
    if (owner === undefined || owner.scope === this) return true;
    const crossed = this.scopesBelow(owner.scope);
    const full = crossed.some(
      (scope) => scope.captured.size >= this.features.mostUpvalues && !scope.captured.has(owner.id),
    );
    if (full) return false;
    for (const scope of crossed) scope.captured.add(owner.id);
    return true;
  }

  private ownerOf(name: string): { scope: FunctionScope; id: number } | undefined {
    const local = this.locals.findLast((candidate) => candidate.name === name);
    return local ? { scope: this, id: local.id } : this.parent?.ownerOf(name);
  }

  /** This scope and those around it, up to but without `outer`. */
  private scopesBelow(outer: FunctionScope): FunctionScope[] {
    const scopes: FunctionScope[] = [];
    for (
      let scope: FunctionScope | undefined = this;
      scope && scope !== outer;
      scope = scope.parent
    ) {
      scopes.push(scope);
    }
    return scopes;
  }
}
