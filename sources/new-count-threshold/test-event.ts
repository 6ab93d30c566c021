export default {
  table: "incident",
  query: "active=true^priority=1",
  measure: "count",
  value: 26,
  threshold: 25,
  direction: "above",
  measured_at: "2026-07-30T14:00:00.000Z",
  previous_value: 24,
};
