<?php

/**
 * Deleting the plugin: its options, tables and scheduled tasks go. The spool goes only where the owner said so: what was
 * shipped is kept elsewhere, but lines that were not would be lost.
 */

declare(strict_types=1);

defined('WP_UNINSTALL_PLUGIN') || exit;

// Where it still runs, as must-use plugin, nothing of it is taken away.
if (!defined('TOURNIQUET_VERSION')) {
    require_once __DIR__ . '/src/Autoload.php';
    Tourniquet\Admin\Removal::run();
}
