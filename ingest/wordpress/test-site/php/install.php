<?php
/** Run inside WordPress that has no tables yet. `$people` comes before. */

require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
[$administrator] = $people;
wp_install('Made-up shop', $administrator['login'], $administrator['email'], true, '', $administrator['password']);
update_option('siteurl', 'http://template.example');
update_option('home', 'http://template.example');
update_option('permalink_structure', '/%postname%/');
update_option('users_can_register', 0);
