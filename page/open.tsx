/** Reads a report from a file: it is shown, and goes nowhere. */
import { useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { parse } from "./known.ts";
import { isReport } from "./shape.ts";

interface OpenProps {
  readonly label: string;
  readonly open: (report: Report) => void;
}

export function Open({ label, open }: OpenProps) {
  const [wrong, setWrong] = useState(false);
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    const value = parse(await file.text());
    setWrong(!isReport(value));
    if (isReport(value)) open(value);
  };
  return (
    <>
      <label>
        {label}
        <input
          type="file"
          accept=".json,application/json"
          onChange={({ currentTarget }) => void read(currentTarget.files?.[0])}
        />
      </label>
      {wrong ? <p class="note fail">That is no report of a Sonde.</p> : null}
    </>
  );
}
