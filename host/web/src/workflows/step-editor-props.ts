import type { ReactNode } from "react";
import type { StepChange } from "./changes";
import type { Definition, Step } from "./definition";

export interface StepEditorProps {
  definition: Definition;
  step: Step;
  onChange: (change: StepChange) => void;
  onTest: () => void;
  testing: boolean;
  /** What came of the last test. */
  children: ReactNode;
}
