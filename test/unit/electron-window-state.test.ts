import { describe, expect, it } from 'vitest';
import { filesOf } from '../../main/electron/opened.ts';
import { DEFAULT_STATE, readState, repairBounds } from '../../main/electron/window-state.ts';

const LAPTOP = { x: 0, y: 25, width: 1440, height: 875 };
const DESK = { x: 1440, y: 0, width: 2560, height: 1400 };

describe('where a window opens again', () => {
  it('is where it was while its title bar can be reached, also between two screens', () => {
    const between = { x: 1200, y: 100, width: 1000, height: 600 };
    expect(repairBounds(between, [LAPTOP, DESK])).toEqual(between);
  });

  it('is the middle of the first screen when its screen was taken away', () => {
    expect(repairBounds({ x: 2000, y: 100, width: 1200, height: 700 }, [LAPTOP])).toEqual({
      x: 120,
      y: 113,
      width: 1200,
      height: 700,
    });
  });

  it('is no larger than its screen and no smaller than can be used', () => {
    expect(repairBounds({ x: 10, y: 30, width: 5000, height: 10 }, [LAPTOP])).toMatchObject({
      width: 1440,
      height: 400,
    });
  });

  it('never has its title bar above the top of the screen', () => {
    expect(repairBounds({ x: 10, y: 12, width: 900, height: 600 }, [LAPTOP])?.y).toBe(25);
    expect(repairBounds({ x: 10, y: -400, width: 900, height: 600 }, [LAPTOP])?.y).toBe(163);
  });

  it('is left to the system when nothing is known', () => {
    expect(repairBounds(undefined, [LAPTOP])).toBeNull();
    expect(repairBounds(LAPTOP, [])).toBeNull();
  });

  it('does not depend on a file that is there and whole', () => {
    expect(readState('/nonexistent/window.json')).toEqual(DEFAULT_STATE);
    expect(readState('/proc/version')).toEqual(DEFAULT_STATE);
  });
});

describe('files among the words of a command line', () => {
  it('are exports and site files, by the folder they were named in; options are none', () => {
    const argv = [
      '/opt/bringup',
      '--inspect=a.yaml',
      '-x.yml',
      'site.yaml',
      '/media/usb/plant-7.BRINGUP',
      'notes.txt',
    ];
    expect(filesOf(argv, '/srv/plant-7')).toEqual(['/srv/plant-7/site.yaml', '/media/usb/plant-7.BRINGUP']);
  });
});
