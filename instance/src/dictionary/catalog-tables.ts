import type { ShortTable } from "./further-tables";

/** Tables of the service catalog. */
export const catalogTables: Record<string, ShortTable> = {
  sc_catalog: {
    label: "Catalog",
    super: "sys_metadata",
    columns:
      "title:string* description:html active:boolean=true desktop_image:user_image manager:reference>sys_user editors:glide_list>sys_user",
  },
  sc_category: {
    label: "Category",
    super: "sys_metadata",
    columns:
      "title:string* description:html full_description:html active:boolean=true parent:reference>sc_category sc_catalog:reference>sc_catalog order:integer header_icon:user_image",
  },
  sc_cat_item: {
    label: "Catalog Item",
    super: "sys_metadata",
    columns:
      "no_quantity:boolean=false no_cart:boolean=false no_order_now:boolean=false mandatory_attachment:boolean=false group:reference>sys_user_group owner:reference>sys_user vendor:reference>core_company model:reference>cmdb_model roles:user_roles visible_standalone:boolean=true delivery_time:glide_duration recurring_frequency:string!",
  },
  sc_cat_item_producer: {
    label: "Record Producer",
    super: "sc_cat_item",
    columns: "table_name:table_name script:script redirect_url:string",
  },
  sc_cat_item_guide: {
    label: "Order guide",
    super: "sc_cat_item",
    columns: "two_step:boolean=false",
  },
  sc_cat_item_guide_items: {
    label: "Rule base",
    columns:
      "guide:reference>sc_cat_item_guide item:reference>sc_cat_item order:integer condition:conditions",
  },
  item_option_new: {
    label: "Variable",
    super: "sys_metadata",
    columns:
      "cat_item:reference>sc_cat_item variable_set:reference>item_option_new_set name:string question_text:string* type:integer! order:integer mandatory:boolean=false active:boolean=true default_value:string reference:table_name lookup_table:table_name lookup_value:string lookup_label:string help_text:string read_only:boolean=false price:price price_if_checked:price rec_price_if_checked:price attributes:string field:string",
  },
  question_choice: {
    label: "Question Choice",
    columns:
      "question:reference>item_option_new text:string* value:string order:integer price:price misc:price rec_misc:price inactive:boolean=false",
  },
  catalog_ui_policy: {
    label: "Catalog UI Policy",
    super: "sys_metadata",
    columns:
      "short_description:string* description:string applies_to:string=item! catalog_item:reference>sc_cat_item variable_set:reference>item_option_new_set catalog_conditions:conditions applies_catalog:boolean=true applies_req_item:boolean=false applies_sc_task:boolean=false applies_target_record:boolean=false run_scripts:boolean=false script_true:script script_false:script active:boolean=true on_load:boolean=true reverse_if_false:boolean=true order:integer=100",
  },
  catalog_ui_policy_action: {
    label: "Catalog UI Policy Action",
    super: "sys_metadata",
    columns:
      "ui_policy:reference>catalog_ui_policy catalog_item:reference>sc_cat_item variable_set:reference>item_option_new_set catalog_variable:string* variable:string mandatory:string=ignore visible:string=ignore disabled:string=ignore cleared:boolean=false value_action:string=ignore value:string order:integer=100",
  },
  sc_item_option: {
    label: "Options",
    columns:
      "item_option_new:reference>item_option_new value:string order:integer cart_item:reference>sc_cart_item",
  },
  question_answer: {
    label: "Variable",
    columns:
      "table_name:table_name table_sys_id:document_id question:reference>item_option_new value:string order:integer",
  },
  sc_item_option_mtom: {
    label: "Variable Ownership",
    columns: "request_item:reference>sc_req_item sc_item_option:reference>sc_item_option",
  },
  sc_cart: {
    label: "Shopping Cart",
    columns:
      "user:reference>sys_user name:string* requested_for:reference>sys_user delivery_address:string special_instructions:string",
  },
  sc_cart_item: {
    label: "Shopping Cart Item",
    columns:
      "cart:reference>sc_cart cat_item:reference>sc_cat_item quantity:integer=1 active:boolean=true requested_for:reference>sys_user order_guide:reference>sc_cat_item_guide",
  },
  item_option_new_set: {
    label: "Variable Set",
    super: "sys_metadata",
    columns:
      "title:string* internal_name:string name:string type:string=one_to_one! description:string order:integer=100 layout:string=normal display_title:boolean=false active:boolean=true set_attributes:string",
  },
  io_set_item: {
    label: "Catalog Variable Set",
    super: "sys_metadata",
    columns:
      "sc_cat_item:reference>sc_cat_item variable_set:reference>item_option_new_set* order:integer=100",
  },
  sc_multi_row_question_answer: {
    label: "Multi Row Question Answer",
    columns:
      "parent_table_name:table_name parent_id:document_id variable_set:reference>item_option_new_set item_option_new:reference>item_option_new row_index:integer value:string",
  },
  user_criteria: {
    label: "User Criteria",
    super: "sys_metadata",
    columns:
      "name:string* active:boolean=true user:glide_list>sys_user group:glide_list>sys_user_group role:glide_list>sys_user_role company:glide_list>core_company department:glide_list>cmn_department location:glide_list>cmn_location match_all:boolean=false advanced:boolean=false script:script",
  },
  ...criteriaTables("sc_cat_item", "Catalog Item"),
  ...criteriaTables("sc_category", "Category"),
  ...criteriaTables("sc_catalog", "Catalog"),
};

/** The tables that say for whom something is there, and for whom it is not. */
function criteriaTables(of: string, label: string): Record<string, ShortTable> {
  const columns = `${of}:reference>${of} user_criteria:reference>user_criteria*`;
  return {
    [`${of}_user_criteria_mtom`]: { label: `${label} Available For`, super: "sys_metadata", columns },
    [`${of}_user_criteria_no_mtom`]: { label: `${label} Not Available For`, super: "sys_metadata", columns },
  };
}
