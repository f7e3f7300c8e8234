<?php

/**
 * Plugin Name: Tourniquet (must-use)
 * Description: Loads Tourniquet before all plugins, and so that nobody can switch it off in wp-admin. Copy this file to wp-content/mu-plugins/.
 */

declare(strict_types=1);

defined('ABSPATH') || exit;

foreach ([__DIR__ . '/tourniquet/tourniquet.php', WP_PLUGIN_DIR . '/tourniquet/tourniquet.php'] as $tourniquet_file) {
    if (is_file($tourniquet_file)) {
        require_once $tourniquet_file;
        break;
    }
}
unset($tourniquet_file);
