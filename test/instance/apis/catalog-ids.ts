// The catalog of the demo data.

export const base = "/api/sn_sc/servicecatalog";
export const catalog = "e0d08b13c3330100c8b837659bba8fb4";
export const laptop = "04b7e94b4f7b4200086eeed18110c7fd";
export const monitor = "e1be6dcb4f7b4200086eeed18110c74c";
export const mailbox = "186d917a6fab7980575967ddbb3ee4f2";
export const everyType = "962967674ff38200086eeed18110c7e7";
export const producer = "3f1dd0320a0a0b99000a53f7604a2ef9";
export const guide = "6690750f4f7b4200086eeed18110c761";

// People of the demo data.
export const abel = "62826bf03710200044e0bfc8bcbe5df1";
export const david = "5137153cc611227c000bbd1bd8cd2007";
