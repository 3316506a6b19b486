import { Type, type TProperties, type TSchemaOptions } from 'typebox';

/** An object that allows only the fields named here. */
export function closed<P extends TProperties>(properties: P, options: TSchemaOptions = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** Text of a given form; `wanted` ends the sentence "... must be" here and in VS Code (`patternErrorMessage`). */
export function textOf(pattern: string, wanted: string, options: TSchemaOptions = {}) {
  return Type.String({ pattern, patternErrorMessage: `must be ${wanted}`, ...options });
}

/** Free text that is not empty. */
export function freeText(description: string, options: TSchemaOptions = {}) {
  return Type.String({ minLength: 1, maxLength: 500, description, ...options });
}

/** One label of a DNS name (RFC 1123), lower case, so that host names, DNS and inventory agree. */
export function label(description: string, options: TSchemaOptions = {}) {
  return textOf(
    '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
    'a DNS label: 1 to 63 lower-case letters, digits and dashes, with no dash at either end',
    { description, ...options },
  );
}

/** An IPv4 address in four decimal parts without leading zeros. */
export function address(description: string, options: TSchemaOptions = {}) {
  return Type.String({ format: 'ipv4', description, ...options });
}

/** The name of a credential; its value lives in the keychain. */
export function credential(description: string) {
  return textOf(
    '^[a-z0-9][a-z0-9._-]{0,63}(/[a-z0-9][a-z0-9._-]{0,63}){0,3}$',
    "a credential's name: lower-case letters, digits, dots, dashes and underscores, parts separated by /",
    {
      description: `${description} The name only: the secret itself is kept in the keychain.`,
      secretName: true,
    },
  );
}

/** The fingerprint of an SSH host key as `ssh-keygen -l` prints it. */
export function hostKey(description: string) {
  return textOf('^SHA256:[A-Za-z0-9+/]{43}=?$', 'a fingerprint as ssh-keygen -l prints it: SHA256:...', {
    description,
    examples: ['SHA256:uNiVztksCsDhcc0u9e8BrrJXVGfCxDzf1YXuNdPW2/I'],
  });
}

/** A POSIX login name. */
export function login(description: string, options: TSchemaOptions = {}) {
  return textOf(
    '^[a-z_][a-z0-9_-]{0,31}$',
    'a login name: lower-case letters, digits, dashes and underscores',
    {
      description,
      ...options,
    },
  );
}

/** A TCP port of an SSH server. */
export const SshPort = Type.Integer({
  minimum: 1,
  maximum: 65535,
  default: 22,
  description: 'TCP port of the SSH server.',
});

/** SHA-256 of a certificate in DER form, in hexadecimal; the colons that openssl prints are allowed. */
export function certificatePin(description: string) {
  return textOf(
    '^([0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31})$',
    'a SHA-256 fingerprint: 64 hexadecimal digits, as openssl x509 -fingerprint -sha256 prints them',
    { description },
  );
}

/** A file beside the site file, and the checksum it must have. */
export function checkedFile(example: string, description: string) {
  return closed(
    {
      path: freeText('Path of the file, from the folder of the site file.', { examples: [example] }),
      sha256: textOf(
        '^[0-9a-f]{64}$',
        'a SHA-256 checksum: 64 lower-case hexadecimal digits, as sha256sum prints it',
        { description: 'SHA-256 checksum of that file.' },
      ),
    },
    { description },
  );
}
