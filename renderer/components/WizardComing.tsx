import { Button } from '@patternfly/react-core';
import { homeText } from '../text/home.ts';
import { text } from '../text.ts';

/** The frame of the wizard while its part of the program is read: head and rail stand where they will stand. */
export function WizardComing({ file }: { readonly file: string }) {
  return (
    <div className="frame">
      <header className="frame-head">
        <nav className="crumbs" aria-label={text.menu}>
          <a href="#/">{text.sites}</a>
          <span aria-hidden="true">/</span>
          <b className="site-name">{file.split(/[\\/]/).at(-1) ?? ''}</b>
        </nav>
      </header>
      <div className="coming">
        <div className="rail" />
        <main id="stage" aria-busy="true" tabIndex={-1}>
          <p className="visually-hidden" role="status">
            {homeText.coming}
          </p>
        </main>
      </div>
    </div>
  );
}

/** In place of a part of the program that could not be read: Bringup was ended, or replaced by a newer one meanwhile. */
export function PartMissing() {
  return (
    <div className="frame">
      <main id="stage" className="empty-page" tabIndex={-1}>
        <h1>{homeText.partMissing}</h1>
        <p>{homeText.partMissingBody}</p>
        <Button
          variant="primary"
          onClick={() => {
            window.location.reload();
          }}
        >
          {homeText.loadAgain}
        </Button>
      </main>
    </div>
  );
}
