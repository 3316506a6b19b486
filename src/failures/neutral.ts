import type { Reading } from './read-output.ts';

/** Words before an error's wording by which a sentence speaks about the error instead of reporting it. */
const BEFORE: readonly RegExp[] = [
  /(?:\bif\b(?!=)|\b(?:unless|in case|how (?:do|to|can)|what does|why (?:do|does|is|would)|(?:errors?|messages?|warnings?|lines?) (?:such as|like|that says?|saying|about)|for example|e\.g\.|ignor(?:e|es|ing|ed:)|suppress(?:es|ed|ing)?|tolerat(?:e|es|ed|ing)|harmless|non-?fatal|not fatal|no longer|previously|used to|as expected|instead of|looking for|search(?:ing|ed)? for|simulat(?:e|es|ed|ing))\b)[^.!?;]{0,160}$/i,
  /(?:^|[.!?;] )\W{0,4}(?:when|whenever|without)\b[^.!?;:]{0,160}$/i,
  /\b(?:happens?|occurs?|appears?|seen|shown|printed|raised|returned|means?) (?:only )?(?:when|if)\b[^.!?;]{0,160}$/i,
  /\b(?:make sure|ensure|verify|verifies|checks?|tests?|confirm) (?:that|whether|if|for)\b[^.!?;]{0,160}$/i,
  /^\W*(?:fix(?:es|ed)?|handle[sd]?|add(?:s|ed)?|improve[sd]?|avoids?|document(?:s|ed)?|remove[sd]?|work around|workaround|q:|faq|cause:|symptom|note:)\b/i,
  /\b(?:echo|printf?|raise|throw|assert\w*|expect|grep|rg|awk|sed|logger|log\.\w+|logging\.\w+|fmt\.\w+|console\.\w+|errors\.New|except|catch|elif)\b[^"'`\n]{0,80}["'`][^"'`\n]{0,120}$/,
  /\b(?:the|this|that|an?) (?:error|message|warning|text|line|output)s? (?:is |was |says? |reads? |like )?["'`][^"'`]{0,60}$/i,
  /^\s*(?:#(?!\d)|\/\/|\/\*)\s?/,
];

/** Words after it that take the sting out of it or explain it. */
const AFTER: readonly RegExp[] = [
  /^[^.!?;]{0,80}\b(?:can be (?:safely )?ignored|(?:is|was|were|are) (?:harmless|expected|ignored|fixed|resolved|normal|suppressed|gone)|has been (?:fixed|resolved)|no longer (?:occurs?|happens?|appears?)|not a problem|goes? away|disappears?)\b/i,
  /^[^.!?;]{0,80}(?:\(ignor(?:ed|ing)\)|, ignoring)/i,
  /^['"`)\]]{0,3}\s+(?:error |message |errors |warnings? )?(?:means|usually|typically|often|indicates|is caused|are caused|appears? when|occurs? when|happens? when|can occur|refers to|would)\b/i,
];

const QUESTION =
  /^\W{0,6}(?:how|why|what|when|where|which|who|does|do|did|is there|are there|can|could|should|would|has any(?:one|body)?|have (?:you|any(?:one|body)?)|any(?:one|body)?)\b.{0,400}\?\W{0,4}$/i;

const WELL =
  /\b(?:succeed(?:ed|s)?|success(?:ful|fully)?|recovered|reconnected|re-?established|is (?:now )?(?:ready|reachable|up|healthy)|now (?:ready|reachable|synchroni[sz]ed|available)|completed|established|synchroni[sz]ed to|bound to \d|connected to|active \(running\)|0 failed|failed=0)\b|^(?:ok|done|PASS|passed)\b/i;
const ILL =
  /\b(?:error|fail(?:ed|ure|s)?(?!=0)|fatal|denied|refused|un(?:able|successful|reachable|healthy)|cannot|can't|could not|couldn't|not|timed out|giving up|abort(?:ed|ing)?|panic|exit(?:ed|ing)?|invalid|expired|un\w+ed)\b/i;

/** Lines that name a trouble which hinders nothing. */
const HARMLESS = /^(?:sudo: unable to resolve host|\W{0,4}Warning: Permanently added)/i;

/** True when a wording stands in a sentence that explains, asks, quotes or dismisses an error. */
export function isNeutral(line: string, from: number, to: number): boolean {
  const before = line.slice(Math.max(0, from - 240), from);
  const after = line.slice(to, to + 200);
  return (
    HARMLESS.test(line) ||
    BEFORE.some((pattern) => pattern.test(before)) ||
    AFTER.some((pattern) => pattern.test(after)) ||
    QUESTION.test(line)
  );
}

/** True when the output ends well although it spoke of trouble on the way: retried and succeeded. */
export function endsWell(reading: Reading, lastTrouble: number): boolean {
  if (reading.lines.some(({ fatal }) => fatal)) return false;
  const later = reading.lines.slice(lastTrouble + 1);
  return later.slice(-3).some(({ text }) => WELL.test(text) && !ILL.test(text));
}
