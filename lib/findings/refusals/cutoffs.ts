/** Answers that came just when somebody on the way stops waiting. */
import type { Refusal } from "./refusal.ts";

interface Limit {
  readonly seconds: number;
  readonly whose: string;
}

/** Documented limits; the premium ingress of Container Apps is set in whole minutes. */
const limits: readonly Limit[] = [
  { seconds: 20, whose: "the default request time-out of Application Gateway" },
  { seconds: 30, whose: "the response time-out of Front Door classic" },
  { seconds: 60, whose: "the default response time-out of Front Door, and of many proxies" },
  { seconds: 230, whose: "the idle limit of App Service" },
  { seconds: 240, whose: "the request time-out of Container Apps" },
  ...Array.from({ length: 27 }, (_, index) => ({
    seconds: (index + 4) * 60,
    whose: `a premium ingress of Container Apps set to ${index + 4} minutes`,
  })).slice(1),
];

/** A limit fires late rather than early, and never by much. */
const EARLY_MS = 100;
const LATE_MS = 1500;

export const cutOffs: readonly Refusal[] = [
  {
    code: "http.cut_off",
    by: "a proxy that stops waiting",
    basis: "documents",
    statuses: [408, 499, 502, 503, 504],
    severity: "fail",
    blame: "platform",
    confidence: "possible",
    title: "The answer came just when somebody on the way stops waiting",
    why: "The time until the first byte is a round number that is somebody's limit: the application was slower than that.",
    rivals: ["the application, or a dependency of its own, has a limit of the same length"],
    next: [
      "Answer early and work in the background, or raise the limit where it can be raised.",
      "Does the application's log show the request still running at that time?",
    ],
    sign({ timings }) {
      const ms = timings?.firstByte;
      const limit = limits.find(
        ({ seconds }) =>
          ms !== undefined && ms >= seconds * 1000 - EARLY_MS && ms <= seconds * 1000 + LATE_MS,
      );
      return limit === undefined ? undefined : `after ${limit.seconds} s, ${limit.whose}`;
    },
  },
];
