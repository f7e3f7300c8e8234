<?php
/** Makes the plugins' tables, the people and two further sites of a network. `$people` comes before. */

require_once ABSPATH . 'wp-admin/includes/plugin.php';
foreach (['woocommerce/woocommerce.php'] as $plugin) {
    $problem = activate_plugin($plugin, '', is_multisite());
    if (is_wp_error($problem)) {
        fwrite(STDERR, $problem->get_error_message());
        exit(1);
    }
}
foreach ($people as $person) {
    $user = get_user_by('login', $person['login']);
    $id = wp_insert_user(array_filter([
        'ID' => $user ? $user->ID : null,
        'user_login' => $person['login'],
        'user_pass' => $user ? null : $person['password'],
        'user_email' => $person['email'],
        'first_name' => $person['firstName'],
        'last_name' => $person['lastName'],
        'display_name' => $person['firstName'] . ' ' . $person['lastName'],
        'role' => $person['role'],
    ]));
    if (is_wp_error($id)) {
        fwrite(STDERR, $id->get_error_message());
        exit(1);
    }
    foreach (['first_name' => 'firstName', 'last_name' => 'lastName', 'email' => 'email', 'phone' => 'phone', 'address_1' => 'street', 'country' => 'country'] as $field => $from) {
        update_user_meta($id, 'billing_' . $field, $person[$from]);
    }
}
if (is_multisite()) {
    foreach (['north', 'south'] as $name) {
        wpmu_create_blog('template.example', "/{$name}/", "Made-up {$name}", 1, ['public' => 1], 1);
    }
}
StandIn\Seed::orders();
flush_rewrite_rules();
