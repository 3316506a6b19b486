import { useState, type DragEvent, type ReactNode } from 'react';
import { homeText } from '../text/home.ts';

interface DropZoneProps {
  readonly children: ReactNode;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Takes files that are dropped anywhere on the page, and says so while they hang over it. */
export function DropZone({ children, onFiles }: DropZoneProps) {
  // Enter and leave are told for every element that the mouse crosses; over none of them, it has left.
  const [depth, setDepth] = useState(0);
  const ifFiles =
    (work: (event: DragEvent) => void) =>
    (event: DragEvent): void => {
      if (!event.dataTransfer.types.includes('Files')) return;
      event.preventDefault();
      work(event);
    };
  return (
    <div
      className="frame"
      onDragEnter={ifFiles(() => {
        setDepth((now) => now + 1);
      })}
      onDragOver={ifFiles((event) => {
        event.dataTransfer.dropEffect = 'copy';
      })}
      onDragLeave={ifFiles(() => {
        setDepth((now) => Math.max(0, now - 1));
      })}
      onDrop={ifFiles((event) => {
        setDepth(0);
        onFiles([...event.dataTransfer.files]);
      })}
    >
      {children}
      {depth > 0 ? (
        <div className="drop-here" aria-hidden="true">
          <b>{homeText.dropHere}</b>
        </div>
      ) : null}
    </div>
  );
}
