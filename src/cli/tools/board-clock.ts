/** Lets a board run at the pace of real time, until it has nothing more to do or is stopped. */
import type { Board, BoardState } from "../../board/board.ts";
import type { Terminal } from "../terminal.ts";

const MICROSECONDS = 1000;

export interface Pace {
  /** Whether the board is to be stopped, whatever it does. */
  readonly isOver: () => boolean;
  /** Called when it was stopped, or stands still for good. */
  readonly onEnd: (state: BoardState) => void;
  /** Called whenever it has done what is due by now. */
  readonly onPause: (state: BoardState) => void;
}

/** Keeps a board's time with a terminal's. */
export class BoardClock {
  private readonly board: Board;
  private readonly terminal: Terminal;
  private readonly pace: Pace;
  private readonly startedAt: number;

  constructor(board: Board, terminal: Terminal, pace: Pace) {
    this.board = board;
    this.terminal = terminal;
    this.pace = pace;
    this.startedAt = terminal.now() - board.now / MICROSECONDS;
  }

  /** Lets the board do what is due by now, and comes back when there is more. */
  advance(): void {
    const { board, terminal, pace } = this;
    const elapsed = terminal.now() - this.startedAt;
    const state = board.run(Math.floor(elapsed * MICROSECONDS), pace.isOver);
    if (pace.isOver() || state.kind === "stopped" || state.kind === "asleep") {
      pace.onEnd(state);
      return;
    }
    if (state.kind === "waiting") this.comeBack(state.due / MICROSECONDS - elapsed);
    else if (state.kind === "busy") this.comeBack(board.now / MICROSECONDS - elapsed);
    pace.onPause(state);
  }

  private comeBack(milliseconds: number): void {
    this.terminal.wait(Math.max(0, Math.ceil(milliseconds)), () => this.advance());
  }
}
