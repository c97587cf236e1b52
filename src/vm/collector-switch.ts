/**
 * Whether a program lets the device's collector run by itself. Ours never does, but the sizes of stacks
 * and of the table of strings follow from what the device's would have done.
 */
export class CollectorSwitch {
  /** True while it may not run. */
  isStopped = false;
  /** True when that was so at some time since the last collection. */
  wasStopped = false;

  stop(): void {
    this.isStopped = true;
    this.wasStopped = true;
  }

  restart(): void {
    this.isStopped = false;
  }

  /** To be called at the end of a collection. */
  noteCollection(): void {
    this.wasStopped = this.isStopped;
  }
}
