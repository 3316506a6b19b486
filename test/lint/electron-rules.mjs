// Rules for the Electron shell, after the security checklist of Electron's documentation. Each says what it guards.

const INSECURE_TRUE = new Set([
  'nodeIntegration',
  'nodeIntegrationInWorker',
  'nodeIntegrationInSubFrames',
  'webviewTag',
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'navigateOnDragDrop',
  'enableBlinkFeatures',
  'bypassCSP',
  'corsEnabled',
  'allowServiceWorkers',
  'devTools',
]);
const INSECURE_FALSE = new Set(['sandbox', 'contextIsolation', 'webSecurity']);
const BANNED_MEMBERS = new Map([
  ['executeJavaScript', 'No script is injected into the window.'],
  ['executeJavaScriptInIsolatedWorld', 'No script is injected into the window.'],
  ['insertCSS', 'No style is injected into the window.'],
  ['openDevTools', 'The window has no developer tools.'],
  ['openExternal', 'Nothing is opened outside: a page cannot make the shell start another program.'],
  ['openPath', 'Nothing is opened outside: a page cannot make the shell start another program.'],
  ['appendSwitch', 'Switches of Chromium weaken it; none is set.'],
  ['appendArgument', 'Switches of Chromium weaken it; none is set.'],
  ['setCertificateVerifyProc', 'Nothing is loaded over the network, so there is no certificate to accept.'],
  ['loadFile', 'Pages are loaded under our own scheme, which gives them an origin and headers.'],
  ['loadExtension', 'The window has no extensions.'],
  ['setPreloads', 'The preload script is named where the window is made.'],
  ['registerPreloadScript', 'The preload script is named where the window is made.'],
]);
const BANNED_IMPORTS = new Set([
  'shell',
  'remote',
  'webFrame',
  'BrowserView',
  'WebContentsView',
  'desktopCapturer',
]);
const BANNED_EVENTS = new Map([
  ['certificate-error', 'Nothing is loaded over the network, so there is no certificate to accept.'],
  ['select-client-certificate', 'Nothing is loaded over the network.'],
  ['login', 'Nothing is loaded over the network.'],
]);

const nameOf = (key) => key?.name ?? key?.value;

function rule(description, create) {
  return { meta: { type: 'problem', docs: { description }, schema: [] }, create };
}

export default {
  rules: {
    'safe-settings': rule('no setting is on the side that gives the page more', (context) => ({
      Property(node) {
        const name = nameOf(node.key);
        const value = node.value.value;
        if ((INSECURE_TRUE.has(name) && value !== false) || (INSECURE_FALSE.has(name) && value !== true))
          context.report({ node, message: `The setting ${name} gives the page more than it needs.` });
      },
    })),
    'window-preferences': rule('every window has the preferences that are tested', (context) => ({
      NewExpression(node) {
        if (!['BrowserWindow', 'BaseWindow', 'WebContentsView'].includes(nameOf(node.callee))) return;
        const given = node.arguments[0]?.properties?.find((entry) => nameOf(entry.key) === 'webPreferences');
        const first = given?.value?.properties?.[0];
        if (first?.type !== 'SpreadElement' || nameOf(first.argument) !== 'WEB_PREFERENCES')
          context.report({ node, message: 'A window starts from WEB_PREFERENCES.' });
      },
    })),
    'own-pages': rule('only our own pages are loaded', (context) => ({
      CallExpression(node) {
        if (nameOf(node.callee.property) !== 'loadURL') return;
        const [page] = node.arguments;
        const begins = page?.type === 'TemplateLiteral' && page.quasis[0].value.raw === '';
        if (
          !begins ||
          nameOf(page.expressions[0]) !== 'APP_ORIGIN' ||
          !page.quasis[1]?.value.raw.startsWith('/')
        )
          context.report({ node, message: 'A page is loaded as `${APP_ORIGIN}/...`.' });
      },
    })),
    'no-new-windows': rule('no page opens another window', (context) => ({
      'Property[key.name="action"]'(node) {
        if (node.value.value !== 'deny') context.report({ node, message: 'Opening a window is denied.' });
      },
    })),
    'narrow-bridge': rule(
      'the page gets functions of ours, never ipcRenderer or a channel of its choice',
      (context) => ({
        CallExpression(node) {
          if (nameOf(node.callee.property) === 'exposeInMainWorld') {
            for (const entry of node.arguments[1]?.properties ?? [{}])
              if (!['ArrowFunctionExpression', 'FunctionExpression'].includes(entry.value?.type))
                context.report({ node, message: 'Each field of the bridge is a function written here.' });
          }
          if (nameOf(node.callee.object) !== 'ipcRenderer') return;
          const [channel] = node.arguments;
          const isOurs =
            (channel?.type === 'Identifier' && channel.name.endsWith('_CHANNEL')) ||
            nameOf(channel?.callee) === 'commandChannel';
          if (!isOurs) context.report({ node, message: 'Channels are those of channels.ts.' });
        },
      }),
    ),
    'no-dangerous-calls': rule('nothing of Electron that undoes the rest', (context) => ({
      MemberExpression(node) {
        const why = BANNED_MEMBERS.get(nameOf(node.property));
        if (why !== undefined) context.report({ node, message: why });
      },
      CallExpression(node) {
        const why = BANNED_EVENTS.get(node.arguments[0]?.value);
        if (why !== undefined && ['on', 'once'].includes(nameOf(node.callee.property)))
          context.report({ node, message: why });
      },
      ImportSpecifier(node) {
        if (node.parent.source.value === 'electron' && BANNED_IMPORTS.has(nameOf(node.imported)))
          context.report({ node, message: `The shell has no use for ${nameOf(node.imported)}.` });
      },
    })),
  },
};
