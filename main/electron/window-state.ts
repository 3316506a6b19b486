import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Rectangle } from 'electron';

/** What the window was like when it was last seen. */
export interface WindowState {
  readonly bounds?: Rectangle;
  readonly maximized: boolean;
  /** 1 is 100 %. */
  readonly zoom: number;
  /** The page's fragment. */
  readonly route: string;
  /** False while the app runs: found false at a start, it says that the app was killed. */
  readonly clean: boolean;
}

export const DEFAULT_STATE: WindowState = { maximized: false, zoom: 1, route: '#/', clean: true };
export const DEFAULT_SIZE = { width: 1280, height: 800 } as const;
export const LEAST_SIZE = { width: 640, height: 400 } as const;

/** This much (px) of the title bar has to be in reach of the mouse. */
const REACHABLE = { width: 160, height: 32 } as const;
const ZOOM = { least: 0.5, most: 3 } as const;

/** Reads the state; whatever is not as it should be counts as not there, since a window must open in any case. */
export function readState(file: string): WindowState {
  try {
    return checkState(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return DEFAULT_STATE;
  }
}

/** Writes the state at once and whole: it is also called while the app is told to end. */
export function writeState(file: string, state: WindowState): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(state)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // A full disk must not keep the window from closing; it opens at its usual place then.
  }
}

/**
 * Where the window can be seen on the screens there are now: as it was when its title bar is in reach, otherwise in
 * the middle of the first screen, and never larger than its screen.
 */
export function repairBounds(bounds: Rectangle | undefined, screens: readonly Rectangle[]): Rectangle | null {
  const [first] = screens;
  if (bounds === undefined || first === undefined) return null;
  const home = screens.find((screen) => isInReach(bounds, screen));
  const screen = home ?? first;
  const width = between(LEAST_SIZE.width, bounds.width, screen.width);
  const height = between(LEAST_SIZE.height, bounds.height, screen.height);
  if (home !== undefined) return { x: bounds.x, y: Math.max(bounds.y, screen.y), width, height };
  return {
    x: screen.x + Math.round((screen.width - width) / 2),
    y: screen.y + Math.round((screen.height - height) / 2),
    width,
    height,
  };
}

function isInReach(bounds: Rectangle, screen: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
  const down = Math.min(bounds.y + REACHABLE.height, screen.y + screen.height) - Math.max(bounds.y, screen.y);
  return across >= REACHABLE.width && down >= REACHABLE.height / 2;
}

function checkState(value: unknown): WindowState {
  if (typeof value !== 'object' || value === null) return DEFAULT_STATE;
  const { bounds, maximized, zoom, route, clean } = value as Record<string, unknown>;
  return {
    ...(isRectangle(bounds) ? { bounds } : {}),
    maximized: maximized === true,
    zoom: typeof zoom === 'number' && Number.isFinite(zoom) ? between(ZOOM.least, zoom, ZOOM.most) : 1,
    route: typeof route === 'string' && route.startsWith('#/') ? route : '#/',
    clean: clean !== false,
  };
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false;
  return ['x', 'y', 'width', 'height'].every((key) => Number.isInteger(Reflect.get(value, key)));
}

function between(least: number, value: number, most: number): number {
  return Math.max(Math.min(least, most), Math.min(value, most));
}
