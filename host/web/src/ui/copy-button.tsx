import { useEffect, useRef, useState } from "react";
import { Button } from "./button";

export function CopyButton({ text, label = "Copy" }: { text: () => string; label?: string }) {
  const [said, setSaid] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setSaid("Copied");
    } catch {
      setSaid("The browser refused to copy");
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaid(undefined), 2_000);
  };
  return (
    <Button look="quiet" className="small" onClick={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
    </Button>
  );
}
