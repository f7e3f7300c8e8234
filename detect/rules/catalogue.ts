/** One thing that must be found: a row of the catalogue names several. */
export interface ThreatItem {
  /** Unique within its group; `<group>.<id>` names it everywhere else. */
  readonly id: string;
  readonly title: string;
  /** Names of the shipped Sigma rules that find it, in the order in which an analyst should read them. */
  readonly rules: readonly string[];
  /** Ids of what the pipeline finds without a rule. */
  readonly builtIn?: readonly string[];
}

/**
 * What must be found, group by group. A rule says which group it serves by the tag `tourniquet.<id>`, a signature by its
 * class.
 */
export interface ThreatGroup {
  readonly id: string;
  readonly title: string;
  readonly items: readonly ThreatItem[];
  /** Starts of the classes of signatures that serve the group. */
  readonly classes: readonly string[];
}

export const CATALOGUE: readonly ThreatGroup[] = [
  {
    id: 'bulk-export', title: 'Bulk export', classes: ['activity.bulk_export', 'attack.exposed_export'],
    items: [
      { id: 'admin-export', title: 'lists of orders, customers, users or patients exported through wp-admin', rules: ['wp_large_export'] },
      { id: 'rest-paging', title: 'orders or customers paged through over WooCommerce\'s REST routes', rules: ['rest_order_paging', 'wp_many_subjects_read'] },
      { id: 'ajax', title: 'records read in bulk through admin-ajax or admin-post', rules: ['wp_bulk_answer', 'wp_many_subjects_read'] },
      { id: 'graphql', title: 'lists read through GraphQL', rules: ['wp_bulk_answer', 'wp_many_subjects_read'] },
      { id: 'sql-dump', title: 'tables dumped by SQL', rules: ['web_database_tool_used', 'db_dump_taken', 'db_whole_table_read', 'wp_whole_table_read'] },
      { id: 'backup-plugin', title: 'backups of a plugin downloaded or sent elsewhere', rules: ['wp_backup_downloaded', 'wp_backup_target_changed'] },
      { id: 'slow-drip', title: 'exports in small parts', rules: ['wp_slow_drip_export', 'wp_slow_drip_week'] },
      { id: 'outside-habit', title: 'exports outside of the habit of whoever exports', rules: ['wp_export_outside_habit', 'wp_export_from_new_place'] },
      { id: 'file-fetched', title: 'export files or backups fetched from public folders', rules: ['web_backup_served', 'web_export_file_served'] },
    ],
  },
  {
    id: 'unguarded-reads', title: 'Reads without a right or across sites', classes: ['attack.wordpress_probe', 'attack.enumeration', 'attack.unguarded_read'],
    items: [
      { id: 'rest-route', title: 'routes that give out users, orders or form entries without a capability', rules: ['wp_read_without_login', 'wp_foreign_records_read', 'rest_users_answered'] },
      { id: 'cross-site', title: 'reads across sites of a network', rules: ['wp_cross_site_harvest', 'wp_cross_site_read'] },
      { id: 'order-walking', title: 'order numbers walked through', rules: ['order_walking', 'wp_order_walking'] },
      { id: 'user-walking', title: 'user numbers walked through', rules: ['author_walking', 'rest_user_walking'] },
      { id: 'cached-page', title: 'cached pages with data of somebody who is logged in', rules: ['wp_private_page_cached', 'web_private_page_from_cache'] },
      { id: 'public-recording', title: 'recordings of consultations that anybody can fetch', rules: ['web_recording_served'] },
      { id: 'public-upload', title: 'uploads of forms that anybody can fetch or list', rules: ['web_form_uploads_fetched', 'web_form_upload_served', 'web_uploads_listed'] },
    ],
  },
  {
    id: 'misplaced-data', title: 'Personal data in the wrong place', classes: ['phi.', 'pii.', 'pci.', 'fin.', 'secret.'],
    items: [
      { id: 'query-string', title: 'in query strings', rules: ['web_regulated_data_in_address', 'web_health_data_in_address', 'web_secret_in_address'] },
      { id: 'referrer', title: 'in referrers', rules: ['web_regulated_data_in_referrer'] },
      { id: 'beacon', title: 'in analytics beacons', rules: ['wp_personal_data_to_analytics', 'web_personal_data_in_beacon'] },
      { id: 'debug-log', title: 'in debug.log and PHP\'s error log', rules: ['php_regulated_data_in_log', 'web_debug_log_served'] },
      { id: 'error-page', title: 'in error pages', rules: ['web_regulated_data_in_error_page', 'wp_error_shown'] },
      { id: 'email', title: 'in mail', rules: ['wp_regulated_data_in_mail'] },
      { id: 'sms', title: 'in text messages', rules: ['wp_health_data_in_sms'] },
      { id: 'cache-key', title: 'in cache keys', rules: ['wp_personal_data_in_cache_key'] },
      { id: 'upload', title: 'in uploaded files', rules: ['wp_regulated_data_in_upload'] },
      { id: 'ai-prompt', title: 'in AI prompts', rules: ['wp_personal_data_in_cloud_prompt', 'wp_regulated_data_in_prompt'] },
      { id: 'ai-completion', title: 'in AI completions', rules: ['wp_regulated_data_in_completion'] },
    ],
  },
  {
    id: 'ai-paths', title: 'AI paths', classes: ['attack.prompt_injection', 'activity.cloud_ai'],
    items: [
      { id: 'cloud-call', title: 'cloud AI called from a site that must stay local', rules: ['wp_cloud_ai_against_policy', 'wp_cloud_ai_contacted'] },
      { id: 'local-open', title: 'the local model open to others', rules: ['ollama_used_from_outside', 'ollama_open_to_all'] },
      { id: 'cloud-after-failure', title: 'cloud AI called after the local one failed', rules: ['wp_cloud_ai_after_local_failure'] },
      { id: 'personal-prompt', title: 'prompts with personal data', rules: ['wp_personal_data_in_cloud_prompt', 'wp_regulated_data_in_prompt'] },
      { id: 'injection-form', title: 'prompt injection in forms and chats', rules: ['wp_prompt_injection_worked', 'wp_prompt_injection_stored', 'wp_prompt_injection_asked'] },
      { id: 'injection-review', title: 'prompt injection in reviews and comments', rules: ['wp_prompt_injection_worked', 'wp_prompt_injection_stored'] },
      { id: 'injection-log', title: 'prompt injection in what logs hold: addresses, agents, referrers', rules: ['web_prompt_injection'] },
      { id: 'echo', title: 'answers that repeat other people\'s data', rules: ['wp_answer_names_others'] },
      { id: 'settings', title: 'settings or keys of AI plugins changed', rules: ['wp_ai_setting_changed', 'wp_ai_setting_by_nobody'] },
    ],
  },
  {
    id: 'identity', title: 'Identity', classes: ['activity.new_administrator', 'activity.credential_created', 'attack.password_guessing'],
    items: [
      { id: 'stuffing', title: 'credential stuffing', rules: ['wp_login_after_failures', 'wp_stuffed_login', 'wp_credential_stuffing', 'wp_login_brute_force', 'wp_xmlrpc_multicall', 'web_login_guessing'] },
      { id: 'spraying', title: 'password spraying', rules: ['wp_sprayed_login', 'wp_password_spraying'] },
      { id: 'new-place', title: 'log-in from a new place', rules: ['wp_new_place_then_power', 'wp_login_from_new_place', 'wp_login_from_two_countries'] },
      { id: 'session-reuse', title: 'a session used from two places', rules: ['wp_session_from_two_countries', 'wp_session_from_two_devices', 'wp_session_from_many_places'] },
      { id: 'session-in-clear', title: 'session tokens without encryption', rules: ['wp_token_sent_in_clear', 'wp_login_in_clear', 'web_session_in_address'] },
      { id: 'role-escalation', title: 'roles raised', rules: ['wp_own_role_raised', 'wp_role_raised_without_right', 'wp_open_registration'] },
      { id: 'rogue-administrator', title: 'administrators that nobody made', rules: ['wp_administrator_by_nobody', 'wp_administrator_by_request', 'wp_takeover_chain'] },
      { id: 'application-password', title: 'application passwords', rules: ['wp_application_password_for_other', 'wp_application_password_made', 'wp_new_place_then_power'] },
      { id: 'api-key-read', title: 'keys read in plain text', rules: ['wp_secret_read', 'web_secret_answered', 'wp_secret_sent', 'web_config_served'] },
    ],
  },
  {
    id: 'injection', title: 'Injection and code',
    classes: [
      'attack.sqli', 'attack.nosql', 'attack.ldap', 'attack.xpath', 'attack.graphql', 'attack.xss', 'attack.traversal', 'attack.lfi', 'attack.rfi', 'attack.xxe', 'attack.ssrf', 'attack.ssi',
      'attack.web_shell', 'attack.command', 'attack.code', 'attack.template', 'attack.object_injection', 'attack.prototype_pollution', 'attack.jndi', 'attack.crlf', 'attack.smuggling',
      'attack.redirect', 'attack.privilege', 'attack.cve', 'attack.scanner', 'attack.skimmer',
    ],
    items: [
      { id: 'sqli', title: 'SQL injection', rules: ['web_injection_answered', 'waf_hit_answered', 'sql_error_with_injection', 'web_injection_slow', 'web_injection_tried'] },
      { id: 'sqli-ajax', title: 'SQL injection through admin-ajax', rules: ['web_injection_answered', 'sql_error_with_injection', 'web_injection_slow'] },
      { id: 'sqli-checkout', title: 'SQL injection through checkout fields', rules: ['sql_error_with_injection', 'web_checkout_injection', 'wp_attack_stored'] },
      { id: 'xss-stored', title: 'stored XSS', rules: ['wp_attack_stored', 'wp_stored_script_then_administrator'] },
      { id: 'xss-reflected', title: 'reflected XSS', rules: ['web_xss_reflected', 'web_injection_tried'] },
      { id: 'traversal', title: 'path traversal', rules: ['web_injection_answered', 'web_injection_tried'] },
      { id: 'file-inclusion', title: 'file inclusion', rules: ['web_injection_answered', 'web_injection_tried'] },
      { id: 'web-shell', title: 'web shells uploaded and called', rules: ['wp_shell_uploaded_then_called', 'web_shell_answered', 'wp_code_uploaded', 'web_code_posted', 'web_uploads_php_answered'] },
      { id: 'command', title: 'command injection', rules: ['linux_web_server_shell', 'web_injection_answered'] },
      { id: 'object-injection', title: 'PHP object injection', rules: ['web_injection_answered', 'wp_attack_stored', 'web_injection_tried'] },
      { id: 'known-hole', title: 'probes of known holes', rules: ['web_known_hole_answered', 'many_sites_attacked', 'web_injection_tried'] },
      { id: 'skimmer', title: 'card skimmers in checkout scripts', rules: ['wp_skimmer_stored', 'wp_checkout_script_changed', 'web_skimmer_served', 'browser_foreign_script'] },
    ],
  },
  {
    id: 'integrity', title: 'Integrity and drift', classes: ['activity.plugin_disabled', 'activity.file_edited'],
    items: [
      { id: 'file-changed', title: 'plugin, theme or core files changed outside of an update', rules: ['wp_file_changed_without_update'] },
      { id: 'unknown-source', title: 'updates from an unknown source', rules: ['wp_plugin_from_unknown_source'] },
      { id: 'plugin-installed', title: 'plugins installed', rules: ['wp_plugin_by_nobody', 'wp_risky_plugin', 'wp_plugin_installed'] },
      { id: 'plugin-off', title: 'plugins disabled, security plugins above all', rules: ['wp_security_plugin_off', 'wp_plugin_off'] },
      { id: 'debug-on', title: 'debug mode on in production', rules: ['wp_debug_left_on', 'wp_debug_on', 'wp_debug_or_editing_on'] },
      { id: 'editing-on', title: 'file editing on in production', rules: ['wp_debug_or_editing_on'] },
      { id: 'gateway-key', title: 'keys of a payment gateway changed', rules: ['wp_payment_settings_changed', 'wp_new_place_then_power'] },
      { id: 'webhook', title: 'webhook addresses changed', rules: ['wp_webhook_to_new_host', 'wp_payment_settings_changed'] },
      { id: 'cloud-fallback', title: 'cloud fallback switched on again', rules: ['wp_cloud_fallback_on'] },
      { id: 'silenced', title: 'audit or shipper silenced', rules: ['wp_shipper_silenced', 'wp_heartbeat_missed', 'wp_audit_lines_lost', 'wp_site_state_restored', 'wp_command_refused'] },
      { id: 'gap', title: 'gaps in what a shipper sent', rules: [], builtIn: ['tourniquet.chain.gap'] },
    ],
  },
  {
    id: 'planted', title: 'Planted', classes: ['canary.', 'ip.'],
    items: [
      { id: 'canary-read', title: 'canary records read', rules: ['canary_seen', 'canary_in_request', 'canary_in_log', 'canary_in_query'] },
      { id: 'canary-sent', title: 'canary records sent anywhere', rules: ['canary_sent'] },
      { id: 'honey-order', title: 'honey orders read or sent', rules: ['honey_order_touched'] },
      { id: 'document', title: 'unpublished products, price lists and code seen outside', rules: ['document_sent', 'document_in_request', 'document_read'] },
    ],
  },
  {
    id: 'outbound', title: 'Outbound', classes: ['activity.large_upload', 'activity.new_host'],
    items: [
      { id: 'new-host', title: 'new hosts contacted by a plugin', rules: ['wp_new_host_contacted'] },
      { id: 'telemetry', title: 'telemetry with personal data', rules: ['wp_personal_data_to_unknown_host', 'wp_personal_data_undeclared'] },
      { id: 'large-upload', title: 'large uploads', rules: ['wp_large_upload'] },
      { id: 'periodic-upload', title: 'periodic uploads', rules: ['wp_steady_upload', 'wp_periodic_upload'] },
      { id: 'query-exfiltration', title: 'data packed into query strings or host names', rules: ['wp_data_in_outbound_query', 'wp_many_small_queries', 'wp_data_in_host_names'] },
      { id: 'region', title: 'data that leaves the declared region', rules: ['wp_region_left'] },
    ],
  },
  {
    id: 'money', title: 'Money', classes: ['payment.', 'activity.refund', 'activity.payout_changed', 'attack.card_testing'],
    items: [
      { id: 'card-testing', title: 'card testing', rules: ['wp_card_testing', 'wp_card_testing_spread'] },
      { id: 'refunds', title: 'refund abuse', rules: ['wp_refund_abuse', 'wp_many_refunds', 'wp_refund_elsewhere'] },
      { id: 'payout', title: 'payout or bank details changed', rules: ['wp_payout_changed'] },
      { id: 'coupon', title: 'coupons that give goods away', rules: ['wp_coupon_abused', 'wp_coupon_tampering'] },
      { id: 'price', title: 'prices tampered with', rules: ['wp_price_tampering_repeated', 'wp_price_tampering'] },
      { id: 'card-outside-field', title: 'card numbers outside of the tokenised field', rules: ['wp_card_number_outside_field', 'web_card_number_posted', 'db_card_number_stored'] },
    ],
  },
];

/** Namespace of the tags that name a group. */
export const GROUP_TAG = 'tourniquet.';

/** Groups a rule's tags name; names that are no group are left out. */
export function groupsOfTags(tags: readonly string[]): readonly ThreatGroup[] {
  return CATALOGUE.filter((group) => tags.includes(`${GROUP_TAG}${group.id}`));
}

export function groupsOfClass(dataClass: string): readonly ThreatGroup[] {
  return CATALOGUE.filter((group) => group.classes.some((start) => dataClass.startsWith(start)));
}
