import servicenow from "../../apps/servicenow.app";
import { defineAction } from "../../components";
import { atMost, sysId, wrongInput } from "../common/input";
import { answersOf, catalogOf } from "../common/catalog";

/** Stands for a quantity that was not given. */
const KEPT = 0;

export default defineAction({
  key: "servicenow-update-cart-item",
  name: "Update Cart Item",
  description:
    "Changes quantity or answers of an item in the cart of the connected account; what is not given stays. Ids come from **View Cart**. Example: `cartItemId` = `1c741bd70b2322007518478d83673af3`, `quantity` = `2`. [See the documentation](https://www.servicenow.com/docs/csh?topicname=c_ServiceCatalogAPI.html)",
  version: "0.0.1",
  type: "action",
  ai: "optimized",
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: true, idempotentHint: true },
  props: {
    servicenow,
    cartItemId: { propDefinition: [servicenow, "cartItemId"] },
    quantity: {
      type: "integer",
      label: "Quantity",
      description: "How many from now on, from 1; as many as before if empty.",
      optional: true,
      min: 1,
    },
    variables: { propDefinition: [servicenow, "variables"] },
  },
  async run({ $ }) {
    const id = sysId(this.cartItemId, "Cart Item");
    const quantity = atMost(this.quantity, KEPT, "Quantity");
    const change = { ...(quantity === KEPT ? {} : { quantity }), ...answersOf(this.variables) };
    if (Object.keys(change).length === 0) throw wrongInput("Give Quantity, Variables or both.");
    const cart = await catalogOf(this.servicenow.client($)).updateCartItem(id, change);
    $.export("$summary", `Changed cart item ${id}`);
    return cart.content;
  },
});
