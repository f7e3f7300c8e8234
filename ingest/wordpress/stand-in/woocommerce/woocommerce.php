<?php
/**
 * Plugin Name: WooCommerce stand-in
 * Description: What a shop plugin looks like to those who watch it: its names, hooks, screens and routes, and nothing of its work. For tests.
 * Version: 7.9.0
 */

declare(strict_types=1);

defined('ABSPATH') || exit;

define('WC_VERSION', '7.9.0');
define('WC_PLUGIN_FILE', __FILE__);

spl_autoload_register(static function (string $class): void {
    $file = strncmp($class, 'Automattic\\WooCommerce\\', 23) === 0
        ? __DIR__ . '/src/' . str_replace('\\', '/', substr($class, 23)) . '.php'
        : __DIR__ . '/includes/' . str_replace('\\', '/', preg_replace('/^StandIn\\\\/', '', $class)) . '.php';
    if (is_file($file)) {
        require $file;
    }
});
require_once __DIR__ . '/includes/functions.php';

register_activation_hook(__FILE__, [StandIn\Seed::class, 'install']);

StandIn\PostTypes::register();
StandIn\RestKeys::register();
StandIn\RestOrders::register();
StandIn\RestPeople::register();
StandIn\RestSettings::register();
StandIn\Checkout::register();
StandIn\Account::register();
StandIn\AdminOrders::register();
StandIn\AdminSettings::register();
StandIn\AjaxActions::register();

do_action('woocommerce_loaded');
