<?php

/**
 * Plugin Name:       Tourniquet
 * Description:       Sees every access to personal data, ships a tamper-evident log of it, keeps AI calls where they must stay, and obeys signed containment.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           Apache-2.0
 * License URI:       https://www.apache.org/licenses/LICENSE-2.0
 * Text Domain:       tourniquet
 * Domain Path:       /languages
 * Network:           true
 */

declare(strict_types=1);

defined('ABSPATH') || exit;

// As must-use plugin and as ordinary one at once: the first that loads does the work.
if (!defined('TOURNIQUET_VERSION')) {
    define('TOURNIQUET_VERSION', '0.1.0');
    define('TOURNIQUET_FILE', __FILE__);
    require_once __DIR__ . '/src/Autoload.php';
    Tourniquet\Plugin::boot();
}
