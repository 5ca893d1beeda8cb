import type { Meanings } from "../rule.ts";

export const names: Meanings<"names"> = {
  "names.none": {
    severity: "fail",
    blame: "caller",
    confidence: "certain",
    title: "There is no name to look at",
    why: "The platform sets WEBSITE_HOSTNAME or the names of a container app; here it set none, and hostname was not given.",
    rivals: [],
    next: ["Give one: /api/names?hostname=app.example."],
  },
};
