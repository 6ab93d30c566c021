/** Counts up and remembers how far it came. Without dedupe and without ids: whatever the host repeats stays to be seen. */
export default {
  key: "torture-tally",
  name: "New Tally",
  description: "Emit the numbers from 1 on",
  version: "0.0.1",
  type: "source",
  props: {
    db: "$.service.db",
    timer: { type: "$.interface.timer", label: "Timer", default: { intervalSeconds: 2 } },
    perRun: { type: "integer", label: "Per run", description: "How many", default: 3 },
    pauseMs: { type: "integer", label: "Pause", description: "After each", default: 20 },
  },
  async run() {
    const start = this.db.get("n") ?? 0;
    for (let n = start + 1; n <= start + this.perRun; n += 1) {
      this.$emit({ n }, { summary: `Number ${n}` });
      this.db.set("n", n);
      await new Promise((done) => setTimeout(done, this.pauseMs));
    }
  },
};
