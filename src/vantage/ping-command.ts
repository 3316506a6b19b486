/** The ping command of this system for one echo (two where the first may wait for ARP); `size` is the payload, 0 for any. */
export function pingCommand(
  address: string,
  size: number,
  seconds: number,
  platform = process.platform,
): string[] {
  switch (platform) {
    case 'win32': {
      const whole = size > 0 ? ['-f', '-l', String(size)] : [];
      return ['ping', '-n', '2', '-w', '1200', ...whole, address];
    }
    case 'darwin': {
      const whole = size > 0 ? ['-D', '-s', String(size)] : [];
      return ['ping', '-n', '-c', '2', '-t', String(seconds), ...whole, address];
    }
    default: {
      const whole = size > 0 ? ['-M', 'do', '-s', String(size)] : [];
      return ['ping', '-n', '-c', '2', '-i', '0.3', '-W', '2', '-w', String(seconds), ...whole, address];
    }
  }
}

/** The ping command of this system for so many echoes, one after the other as fast as it lets anybody. */
export function echoesCommand(address: string, count: number, platform = process.platform): string[] {
  switch (platform) {
    case 'win32':
      // It sends one each second, and nobody can hurry it.
      return ['ping', '-n', String(Math.min(count, 4)), '-w', '1000', address];
    case 'darwin':
      return ['ping', '-n', '-c', String(count), '-i', '0.2', '-W', '1000', address];
    default:
      return ['ping', '-n', '-c', String(count), '-i', '0.2', '-W', '1', address];
  }
}

/** How this system tells the gateway on the way to an address; where it does not, the pattern finds nothing. */
export function gatewayCommand(
  address: string,
  platform = process.platform,
): { readonly words: readonly string[]; readonly pattern: RegExp } {
  if (platform === 'darwin') return { words: ['route', '-n', 'get', address], pattern: /gateway: ([\d.]+)/ };
  if (platform === 'win32') {
    const words = [
      'powershell',
      '-NoProfile',
      '-Command',
      `(Find-NetRoute -RemoteIPAddress ${address}).NextHop`,
    ];
    return { words, pattern: /^(?!0\.0\.0\.0)([\d.]+)\s*$/m };
  }
  return { words: ['ip', '-4', 'route', 'get', address], pattern: /\bvia ([\d.]+)/ };
}
