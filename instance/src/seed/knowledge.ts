import type { Random } from "../ids/random";
import type { People } from "./people";
import type { Seeder } from "./seeder";

const articles: [number: string, category: string, title: string, text: string][] = [
  [
    "KB0000011",
    "Email",
    "How to Deal with Spam",
    "<p><strong>How to Deal with Spam</strong></p><p>Do not answer it, do not open what is attached to it, and report it with the button in your mail program.</p>",
  ],
  [
    "KB0000017",
    "Windows",
    "What is the Windows key?",
    "<p>The Windows key opens the start menu. Together with L it locks the computer.</p>",
  ],
  [
    "KB0000020",
    "Windows",
    "Windows: should I upgrade?",
    "<p>Windows is upgraded by the service desk. Ask for a date that suits you.</p>",
  ],
  [
    "KB0000021",
    "Network",
    "Connect to the VPN from home",
    "<p>Start the VPN client and choose the nearest gateway.</p>",
  ],
  [
    "KB0000022",
    "Network",
    "Wi-Fi for guests",
    "<p>Guests get a voucher at the reception; it is valid for one day.</p>",
  ],
  [
    "KB0000023",
    "Email",
    "Out of office replies",
    "<p>Set the period in which your mailbox answers by itself.</p>",
  ],
  [
    "KB0000024",
    "Printing",
    "The printer is out of toner",
    "<p>Order toner from the catalog; the old cartridge is taken away.</p>",
  ],
];

/** A knowledge base with articles: most are published, one is a draft, one retired, one beyond its date. */
export function seedKnowledge(seeder: Seeder, random: Random, people: People): void {
  const base = seeder.add("kb_knowledge_base", "IT", {
    sys_id: "a7e8a78bff0221009b20ffffffffff17",
    title: "IT",
    description: "Articles of the IT department",
    owner: random.pick(people.agents),
  });
  const other = seeder.add("kb_knowledge_base", "Known Error", { title: "Known Error" });
  const categories = new Map<string, string>();
  for (const [, category] of articles)
    if (!categories.has(category))
      categories.set(
        category,
        seeder.add("kb_category", category, { label: category, full_category: category, parent_id: base }),
      );
  const add = (number: string, values: Record<string, string | number | boolean | null>): void => {
    seeder.add("kb_knowledge", number, {
      number,
      kb_knowledge_base: base,
      workflow_state: "published",
      author: random.pick(people.agents),
      published: "2024-02-01",
      valid_to: "2100-01-01",
      active: true,
      display_attachments: true,
      article_type: "text",
      ...values,
    });
  };
  for (const [at, [number, category, title, text]] of articles.entries())
    add(number, {
      short_description: title,
      text,
      kb_category: categories.get(category) ?? null,
      sys_view_count: (at * 7) % 12,
      use_count: at,
      flagged: at === 0,
      ...(number === "KB0000011" ? { sys_id: "0b48fd75474321009db4b5b08b9a71c2" } : {}),
    });
  add("KB0000030", {
    short_description: "Not finished yet",
    text: "<p>Draft</p>",
    workflow_state: "draft",
  });
  add("KB0000031", {
    short_description: "How it was done",
    text: "<p>Old</p>",
    workflow_state: "retired",
    active: false,
  });
  add("KB0000032", {
    short_description: "Holiday of last year",
    text: "<p>Past</p>",
    valid_to: "2024-12-31",
  });
  add("KB0000033", {
    short_description: "A known error",
    text: "<p>Restart it.</p>",
    kb_knowledge_base: other,
  });
}
