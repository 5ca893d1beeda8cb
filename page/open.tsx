/** Reads a report from a file: it is shown, and goes nowhere. */
import { useState } from "preact/hooks";
import type { Report } from "../lib/report.ts";
import { readReports } from "./checks.ts";

interface OpenProps {
  readonly label: string;
  readonly open: (reports: readonly Report[]) => void;
}

export function Open({ label, open }: OpenProps) {
  const [wrong, setWrong] = useState(false);
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    const reports = readReports(await file.text());
    setWrong(reports.length === 0);
    if (reports.length > 0) open(reports);
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
