/**
 * Strings that break out of markup, of scripts, of attributes, of lines and of directions: the Big List of
 * Naughty Strings (https://github.com/minimaxir/big-list-of-naughty-strings, MIT, see naughty/LICENSE), all
 * 515 of it, and what that list does not have.
 */
import list from "./naughty/blns.json" with { type: "json" };

const ours = [
  "</script><script>window.hacked=1</script>",
  "</style><script>window.hacked=1</script>",
  "</textarea><img src=x onerror=window.hacked=1>",
  "<iframe srcdoc='<script>parent.hacked=1</script>'>",
  "<base href=//203.0.113.1>",
  "<meta http-equiv=refresh content=0;url=//203.0.113.1>",
  "<template><b>",
  "__proto__",
  "\u0000\u0007\u001b[31mred\u009b0m",
  "line\u2028separator",
  "\ud800 alone",
  "a".repeat(2000),
  "##vso[task.setvariable variable=a]b",
  "::set-output name=a::b",
];

export const naughty: readonly string[] = [...list, ...ours];
