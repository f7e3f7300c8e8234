<?php

declare(strict_types=1);

namespace StandIn;

/** `admin.php?page=wc-settings&tab=checkout&section=bacs`, which saves what is posted to it. */
final class AdminSettings
{
    public static function register(): void
    {
        add_action('admin_menu', static function (): void {
            $hook = add_submenu_page('woocommerce', 'Settings', 'Settings', 'manage_woocommerce', 'wc-settings', static function (): void {
                echo '<form method="post">' . wp_nonce_field('woocommerce-settings', '_wpnonce', true, false) . '</form>';
            });
            add_action('load-' . $hook, [self::class, 'save']);
        }, 11);
    }

    public static function save(): void
    {
        if (!isset($_POST['save'])) {
            return;
        }
        check_admin_referer('woocommerce-settings');
        [$tab, $section] = [sanitize_key((string) ($_GET['tab'] ?? 'general')), sanitize_key((string) ($_GET['section'] ?? ''))];
        do_action('woocommerce_settings_save_' . $tab);
        if ($tab === 'checkout' && $section !== '') {
            do_action('woocommerce_update_options_payment_gateways_' . $section);
            $posted = [];
            foreach (wp_unslash($_POST) as $name => $value) {
                if (is_string($value) && strpos($name, "woocommerce_{$section}_") === 0) {
                    $posted[substr($name, strlen("woocommerce_{$section}_"))] = sanitize_text_field($value);
                }
            }
            $settings = apply_filters('woocommerce_settings_api_sanitized_fields_' . $section, $posted + (array) get_option("woocommerce_{$section}_settings", []));
            update_option("woocommerce_{$section}_settings", $settings);
            if (isset($_POST['bacs_iban'])) {
                update_option('woocommerce_bacs_accounts', [['account_name' => sanitize_text_field((string) $_POST['bacs_account_name'][0]), 'iban' => sanitize_text_field((string) $_POST['bacs_iban'][0])]]);
            }
            do_action("woocommerce_update_options_{$tab}_{$section}");
        }
        do_action('woocommerce_update_options_' . $tab);
        do_action('woocommerce_update_options');
        do_action('woocommerce_settings_saved');
    }
}
