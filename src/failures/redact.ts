const HIDDEN = '***';
/** Words after `password:` that report about it instead of giving it. */
const SPOKEN =
  '(?!\\*\\*\\*|permission|authentication|incorrect|invalid|wrong|required|missing|not |no |is |was |the |none|null|and |or |\\{\\{|VALUE_SPECIFIED)';
const NAME =
  '(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)';

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{0,80}:)[^\s@/]{1,200}(?=@)/gi, `$1${HIDDEN}`],
  [/\b((?:bearer|basic|x-auth-token:?|x-subject-token:?) )[\w+/=.-]{6,400}/gi, `$1${HIDDEN}`],
  [/\beyJ[\w-]{8,2000}\.[\w-]{8,2000}(?:\.[\w-]{0,2000})?/g, HIDDEN],
  [/\bK10[0-9a-f]{20,64}::[\w:.-]{1,200}/g, HIDDEN],
  [/\$(?:[156y]|2[aby])\$[\w./$=,]{8,200}/g, HIDDEN],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g, HIDDEN],
  [
    new RegExp(`(\\b[\\w.-]{0,40}${NAME}\\w{0,12}["']?\\s?=\\s?["']?)${SPOKEN}[^\\s"',;&]{1,400}`, 'gi'),
    `$1${HIDDEN}`,
  ],
  [new RegExp(`(["']\\w{0,40}${NAME}\\w{0,12}["']\\s?:\\s?["'])[^"'\\n]{1,400}`, 'gi'), `$1${HIDDEN}`],
  [new RegExp(`((?:^|[\\s,{])[\\w-]{0,40}${NAME}:\\s)${SPOKEN}[^\\s"',;]{3,400}`, 'gim'), `$1${HIDDEN}`],
  [new RegExp(`(--(?:\\w+-)?${NAME}[= ])${SPOKEN}[^\\s"',;]{1,400}`, 'gi'), `$1${HIDDEN}`],
];

/** Hides what is plainly a secret: values of passwords and tokens, logins in addresses, keys and hashes. */
export function redact(text: string): string {
  return SECRETS.reduce((rest, [pattern, instead]) => rest.replaceAll(pattern, instead), text);
}
