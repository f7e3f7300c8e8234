<?php

declare(strict_types=1);

namespace StandIn;

final class AjaxActions
{
    public static function register(): void
    {
        foreach (['update_api_key' => 'apiKey', 'do_ajax_product_export' => 'productExport', 'get_order_details' => 'preview', 'json_search_customers' => 'customers', 'stand_in_nonce' => 'nonce'] as $action => $method) {
            add_action('wp_ajax_woocommerce_' . $action, [self::class, $method]);
        }
    }

    /** What the real screens print for scripts: the nonces of the actions here. */
    public static function nonce(): void
    {
        wp_send_json(array_map('wp_create_nonce', ['update_api_key' => 'update-api-key', 'do_ajax_product_export' => 'wc-product-export', 'get_order_details' => 'woocommerce-preview-order', 'json_search_customers' => 'search-customers']));
    }

    private static function allow(string $nonce, string $capability): void
    {
        check_ajax_referer($nonce, 'security');
        if (!current_user_can($capability)) {
            wp_die(-1, '', 403);
        }
    }

    public static function apiKey(): void
    {
        self::allow('update-api-key', 'manage_woocommerce');
        wp_send_json_success(RestKeys::create((int) $_POST['user'], sanitize_text_field(wp_unslash((string) $_POST['description'])), sanitize_key((string) $_POST['permissions'])) + ['message' => 'API Key generated successfully.']);
    }

    public static function productExport(): void
    {
        self::allow('wc-product-export', 'export');
        apply_filters('woocommerce_exporter_product_types', ['simple' => 'Simple product']);
        $rows = array_map(static fn(\WP_Post $product): array => [$product->ID, $product->post_title], get_posts(['post_type' => 'product', 'posts_per_page' => -1]));
        $csv = implode('', array_map(static fn(array $row): string => implode(',', $row) . "\n", $rows));
        apply_filters('woocommerce_product_export_rows', $csv, new \WC_Product_CSV_Exporter());
        apply_filters('woocommerce_export_get_ajax_query_args', ['nonce' => wp_create_nonce('product-csv'), 'action' => 'download_product_csv', 'filename' => 'p.csv']);
        wp_send_json_success(['step' => 'done', 'percentage' => 100, 'total' => count($rows)]);
    }

    public static function preview(): void
    {
        self::allow('woocommerce-preview-order', 'edit_shop_orders');
        $order = wc_get_order((int) $_GET['order_id']);
        if ($order instanceof \WC_Order) {
            wp_send_json_success(apply_filters('woocommerce_admin_order_preview_get_order_details', ['data' => $order->get_data(), 'order_number' => $order->get_order_number(), 'formatted_billing_address' => implode(', ', array_filter($order->get_address()))], $order));
        }
        wp_die();
    }

    public static function customers(): void
    {
        self::allow('search-customers', 'edit_shop_orders');
        $found = [];
        foreach (get_users(['search' => '*' . sanitize_text_field((string) ($_GET['term'] ?? '')) . '*', 'number' => 20]) as $user) {
            $found[$user->ID] = sprintf('%s (#%d – %s)', $user->display_name, $user->ID, $user->user_email);
        }
        wp_send_json(apply_filters('woocommerce_json_search_found_customers', $found));
    }
}
