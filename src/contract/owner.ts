/** Who has to act on a failure. */
export type Owner = 'field-engineer' | 'customer-network' | 'customer-it' | 'vendor' | 'software';

/** One thing to do about a failure: a command to type or an action of the app (`retry`, `resume`, `apply --confirm`...). */
export interface Fix {
  readonly title: string;
  readonly command?: string;
  readonly action?: string;
}
