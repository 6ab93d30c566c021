export default {
  query: "active=true^priority=1",
  table: "incident",
  count: 2,
  returned: 2,
  complete: true,
  run_at: "2026-07-30T14:00:00.000Z",
  records: [
    {
      sys_id: "1c741bd70b2322007518478d83673af3",
      number: "INC0010023",
      short_description: "Cannot log in to the expense portal",
    },
    {
      sys_id: "2d841bd70b2322007518478d83673ab1",
      number: "INC0010031",
      short_description: "Mail is slow",
    },
  ],
};
