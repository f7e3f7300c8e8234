<?php
/** Makes a network of the installed site, before the constants say so. `$people` comes before. */

require_once ABSPATH . 'wp-admin/includes/network.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
foreach ($wpdb->tables('ms_global') as $table => $prefixed) {
    $wpdb->$table = $prefixed;
}
install_network();
populate_network(1, 'template.example', $people[0]['email'], 'Made-up network', '/', false);
