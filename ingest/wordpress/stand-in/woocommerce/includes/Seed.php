<?php

declare(strict_types=1);

namespace StandIn;

final class Seed
{
    public static function install(): void
    {
        self::roles();
        self::tables();
        foreach (['Checkout' => '[woocommerce_checkout]', 'My account' => '[woocommerce_my_account]', 'Cart' => ''] as $title => $content) {
            wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => $title, 'post_name' => sanitize_title($title), 'post_content' => $content]);
        }
        foreach (['Vitamin D' => '10.00', 'Cough syrup' => '7.50', 'Plaster' => '3.20'] as $title => $price) {
            $id = (int) wp_insert_post(['post_type' => 'product', 'post_status' => 'publish', 'post_title' => $title, 'comment_status' => 'open']);
            update_post_meta($id, '_price', $price);
            update_post_meta($id, '_sku', sanitize_title($title));
        }
        update_option('woocommerce_bacs_settings', ['enabled' => 'yes', 'title' => 'Bank transfer', 'description' => '', 'instructions' => '']);
        update_option('woocommerce_custom_orders_table_enabled', 'no');
    }

    private static function roles(): void
    {
        add_role('customer', 'Customer', ['read' => true]);
        $editor = get_role('editor');
        $ofShop = array_fill_keys(['manage_woocommerce', 'view_woocommerce_reports', 'list_users', 'edit_users', 'export', 'edit_shop_order', 'read_shop_order', 'delete_shop_order', 'edit_shop_orders', 'edit_others_shop_orders', 'publish_shop_orders', 'read_private_shop_orders', 'delete_shop_orders', 'delete_others_shop_orders', 'edit_published_shop_orders', 'edit_private_shop_orders'], true);
        add_role('shop_manager', 'Shop manager', ($editor === null ? [] : $editor->capabilities) + $ofShop);
        foreach (array_keys($ofShop) as $capability) {
            get_role('administrator')->add_cap($capability);
        }
    }

    private static function tables(): void
    {
        global $wpdb;
        $p = $wpdb->prefix;
        foreach ([
            "{$p}woocommerce_api_keys (key_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned NOT NULL, description varchar(200) NULL, permissions varchar(10) NOT NULL, consumer_key char(64) NOT NULL, consumer_secret char(43) NOT NULL, nonces longtext NULL, truncated_key char(7) NOT NULL, last_access datetime NULL)",
            "{$p}wc_orders (id bigint unsigned PRIMARY KEY, status varchar(20), currency varchar(10), type varchar(20), total_amount decimal(26,8), customer_id bigint unsigned, billing_email varchar(320), date_created_gmt datetime, date_updated_gmt datetime, parent_order_id bigint unsigned, payment_method varchar(100), transaction_id varchar(100), ip_address varchar(100), customer_note text, KEY type (type))",
            "{$p}wc_order_addresses (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned NOT NULL, address_type varchar(20), first_name text, last_name text, company text, address_1 text, address_2 text, city text, state text, postcode text, country text, email varchar(320), phone varchar(100), KEY order_id (order_id))",
            "{$p}wc_orders_meta (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned, meta_key varchar(255), meta_value longtext, KEY order_id (order_id))",
            "{$p}wc_customer_lookup (customer_id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned NULL, username varchar(60) NOT NULL DEFAULT '', first_name varchar(255), last_name varchar(255), email varchar(100), date_registered datetime NULL, country char(2) NOT NULL DEFAULT '', postcode varchar(20), city varchar(100), state varchar(100))",
        ] as $table) {
            $wpdb->query("CREATE TABLE IF NOT EXISTS {$table}");
        }
    }

    /** Two orders of each customer, the same in both stores. */
    public static function orders(): void
    {
        global $wpdb;
        $products = get_posts(['post_type' => 'product', 'posts_per_page' => -1]);
        foreach (get_users(['role' => 'customer', 'orderby' => 'ID']) as $i => $user) {
            $billing = ['email' => $user->user_email];
            foreach (['first_name', 'last_name', 'phone', 'address_1', 'country'] as $name) {
                $billing[$name] = (string) get_user_meta($user->ID, 'billing_' . $name, true);
            }
            $wpdb->insert($wpdb->prefix . 'wc_customer_lookup', ['user_id' => $user->ID, 'username' => $user->user_login, 'first_name' => $billing['first_name'], 'last_name' => $billing['last_name'], 'email' => $user->user_email, 'country' => $billing['country']]);
            foreach (['completed', 'processing'] as $n => $status) {
                $price = get_post_meta($products[$n]->ID, '_price', true);
                $order = new \WC_Order([
                    'status' => $status, 'total' => (string) (2 * (float) $price), 'customer_id' => $user->ID, 'order_key' => 'wc_order_made' . $i . 'up' . $n, 'billing' => $billing, 'shipping' => array_diff_key($billing, ['email' => 1]), 'payment_method' => 'bacs',
                    'items' => [['product_id' => $products[$n]->ID, 'name' => $products[$n]->post_title, 'quantity' => 2, 'subtotal' => (string) (2 * (float) $price), 'total' => (string) (2 * (float) $price)]],
                ]);
                OrderStore::save($order);
                OrderStore::saveRows('shop_order', $order->get_data());
            }
        }
    }
}
