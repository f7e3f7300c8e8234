<?php

declare(strict_types=1);

namespace StandIn;

/** The screens of orders, of both stores, with the hooks that a row and a form fire. */
final class AdminOrders
{
    public static function register(): void
    {
        add_action('admin_menu', static function (): void {
            add_menu_page('WooCommerce', 'WooCommerce', 'manage_woocommerce', 'woocommerce', '__return_null');
            add_submenu_page('woocommerce', 'Orders', 'Orders', 'edit_shop_orders', 'wc-orders', [self::class, 'page']);
            add_submenu_page('woocommerce', 'Customers', 'Customers', 'manage_woocommerce', 'wc-admin', static function (): void {
                echo '<div id="root"></div>';
            });
        });
        add_filter('request', static function (array $query): array {
            if (is_admin() && ($query['post_type'] ?? '') === 'shop_order' && empty($query['post_status'])) {
                $query['post_status'] = PostTypes::statuses();
            }
            return $query;
        });
        add_filter('manage_shop_order_posts_columns', static fn(array $columns): array => ['cb' => '', 'order_number' => 'Order', 'order_total' => 'Total']);
        add_action('manage_shop_order_posts_custom_column', static function ($column, $id): void {
            if ($column === 'order_number') {
                self::row(wc_get_order((int) $id));
            }
        }, 10, 2);
        add_action('add_meta_boxes_shop_order', static function (): void {
            add_meta_box('woocommerce-order-data', 'Order data', static function (\WP_Post $post): void {
                self::form(wc_get_order($post));
            }, 'shop_order');
        });
        add_action('save_post_shop_order', static function ($id): void {
            static $isSaving = false;
            if (!$isSaving && isset($_POST['woocommerce_meta_nonce']) && wp_verify_nonce((string) $_POST['woocommerce_meta_nonce'], 'woocommerce_save_data')) {
                $isSaving = true;
                self::saved(wc_get_order((int) $id));
                $isSaving = false;
            }
        }, 50);
    }

    public static function page(): void
    {
        if (($_GET['action'] ?? '') === 'edit') {
            $order = wc_get_order((int) ($_GET['id'] ?? 0));
            if (!$order instanceof \WC_Order) {
                wp_die('You attempted to edit an order that does not exist.');
            }
            if (isset($_POST['woocommerce_meta_nonce'])) {
                check_admin_referer('woocommerce_save_data', 'woocommerce_meta_nonce');
                self::saved($order);
            }
            self::form($order);
            return;
        }
        $query = apply_filters('woocommerce_order_list_table_prepare_items_query_args', ['limit' => 20, 'page' => (int) ($_GET['paged'] ?? 1), 'paginate' => true, 'type' => 'shop_order', 's' => (string) ($_GET['s'] ?? '')]);
        echo '<table class="wp-list-table">';
        foreach (wc_get_orders($query) as $order) {
            echo '<tr><td>';
            self::row($order);
            echo '</td></tr>';
        }
        echo '</table>';
    }

    /** @param mixed $order */
    private static function row($order): void
    {
        if (!$order instanceof \WC_Order) {
            return;
        }
        $number = apply_filters('woocommerce_order_number', $order->get_id(), $order);
        $address = apply_filters('woocommerce_order_formatted_billing_address', $order->get_address(), $order);
        echo '#' . esc_html((string) $number . ' ' . ($address['first_name'] ?? '') . ' ' . ($address['last_name'] ?? ''));
    }

    /** @param mixed $order */
    private static function form($order): void
    {
        if (!$order instanceof \WC_Order) {
            return;
        }
        wp_nonce_field('woocommerce_save_data', 'woocommerce_meta_nonce');
        do_action('woocommerce_order_actions_start', $order->get_id());
        do_action('woocommerce_order_actions_end', $order->get_id());
        $number = apply_filters('woocommerce_order_number', $order->get_id(), $order);
        echo '<h2>Order #' . esc_html((string) $number) . '</h2>';
        do_action('woocommerce_admin_order_data_after_order_details', $order);
        $address = apply_filters('woocommerce_order_formatted_billing_address', $order->get_address(), $order);
        echo '<address>' . esc_html(implode(', ', array_filter($address))) . '</address>';
        do_action('woocommerce_admin_order_data_after_billing_address', $order);
        do_action('woocommerce_admin_order_data_after_shipping_address', $order);
    }

    /** @param mixed $order */
    private static function saved($order): void
    {
        if (!$order instanceof \WC_Order) {
            return;
        }
        if (isset($_POST['_billing_email'])) {
            $order->set_prop_of_stand_in('billing', ['email' => sanitize_email(wp_unslash((string) $_POST['_billing_email']))] + $order->get_address());
        }
        if (isset($_POST['order_status'])) {
            $order->set_status(sanitize_key((string) $_POST['order_status']));
        }
        $order->save();
        do_action('woocommerce_process_shop_order_meta', $order->get_id(), $order);
    }
}
