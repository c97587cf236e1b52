/** What the figures were measured on. */
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Programs that wanted to run in the last minute, on average, before we began; 0 on Windows. */
  readonly load: number;
}

/** Its load is that of the last minute, so ask before anything is measured. */
export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${process.arch}`,
    node: process.version,
    load: loadavg()[0],
  };
}

/** In a line, and a second one where the load leaves too little of the machine for us. */
export function machineInWords({ processor, cores, memoryBytes, system, node, load }: Machine) {
  const parts = [
    processor,
    cores === 1 ? "1 core" : `${cores} cores`,
    `${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    system,
    `Node ${node}`,
  ];
  const busy = `the machine was busy when we began: load ${load.toFixed(1)}`;
  return [parts.join(", "), ...(load > cores / 2 ? [busy] : [])];
}
