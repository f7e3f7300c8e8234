<?php

declare(strict_types=1);

namespace StandIn;

use Automattic\WooCommerce\Admin\Overrides;
use Automattic\WooCommerce\Utilities\OrderUtil;

/** Orders as posts, or in tables of their own; all of an order's data stands in one meta value beside the columns that others query. */
final class OrderStore
{
    private const META = '_stand_in_order';

    /** @return \WC_Order|\WC_Order_Refund|false */
    public static function read(int $id)
    {
        global $wpdb;
        if ($id <= 0) {
            return false;
        }
        if (OrderUtil::custom_orders_table_usage_is_enabled()) {
            $row = $wpdb->get_row($wpdb->prepare("SELECT id, type, status FROM {$wpdb->prefix}wc_orders WHERE id = %d", $id), ARRAY_A);
            $kept = $row === null ? '' : (string) $wpdb->get_var($wpdb->prepare("SELECT meta_value FROM {$wpdb->prefix}wc_orders_meta WHERE order_id = %d AND meta_key = %s", $id, self::META));
            return $row === null ? false : self::made($row['type'], $id, $row['status'], $kept);
        }
        $post = get_post($id);
        if (!$post instanceof \WP_Post || !in_array($post->post_type, ['shop_order', 'shop_order_refund'], true)) {
            return false;
        }
        return self::made($post->post_type, $id, $post->post_status, (string) get_post_meta($id, self::META, true));
    }

    /** @return \WC_Order|\WC_Order_Refund */
    private static function made(string $type, int $id, string $status, string $kept)
    {
        $data = ['id' => $id, 'status' => (string) preg_replace('/^wc-/', '', $status)] + (array) json_decode($kept, true);
        return $type === 'shop_order_refund' ? new Overrides\OrderRefund($data) : new Overrides\Order($data);
    }

    /** @param \WC_Order|\WC_Order_Refund $order */
    public static function save($order): void
    {
        $data = $order->get_data();
        $type = $order->get_type();
        $isHpos = OrderUtil::custom_orders_table_usage_is_enabled();
        $post = ['post_type' => $isHpos ? 'shop_order_placehold' : $type, 'post_status' => $isHpos ? 'draft' : 'wc-' . $order->get_status(), 'post_title' => 'Order', 'post_parent' => $order->get_parent_id(), 'comment_status' => 'closed', 'post_date' => gmdate('Y-m-d H:i:s', (int) $data['created'])];
        if ($order->get_id() === 0) {
            $order->set_id((int) wp_insert_post($post));
        } elseif (!$isHpos) {
            wp_update_post(['ID' => $order->get_id()] + $post);
        }
        $data['id'] = $order->get_id();
        $isHpos ? self::saveRows($type, $data) : self::saveMeta($data);
    }

    /** @param array<string, mixed> $data */
    private static function saveMeta(array $data): void
    {
        foreach ((array) $data['billing'] as $name => $value) {
            update_post_meta($data['id'], '_billing_' . $name, $value);
        }
        foreach (['_customer_user' => 'customer_id', '_order_total' => 'total', '_order_key' => 'order_key', '_payment_method' => 'payment_method'] as $key => $name) {
            update_post_meta($data['id'], $key, $data[$name]);
        }
        update_post_meta($data['id'], self::META, wp_slash((string) json_encode($data)));
    }

    /** @param array<string, mixed> $data */
    public static function saveRows(string $type, array $data): void
    {
        global $wpdb;
        $wpdb->replace($wpdb->prefix . 'wc_orders', [
            'id' => $data['id'], 'status' => 'wc-' . $data['status'], 'type' => $type, 'total_amount' => $data['total'], 'customer_id' => $data['customer_id'],
            'billing_email' => $data['billing']['email'] ?? '', 'date_created_gmt' => gmdate('Y-m-d H:i:s', (int) $data['created']), 'parent_order_id' => $data['parent_id'], 'payment_method' => $data['payment_method'],
        ]);
        $wpdb->delete($wpdb->prefix . 'wc_orders_meta', ['order_id' => $data['id'], 'meta_key' => self::META]);
        $wpdb->insert($wpdb->prefix . 'wc_orders_meta', ['order_id' => $data['id'], 'meta_key' => self::META, 'meta_value' => json_encode($data)]);
        if ((array) $data['billing'] !== []) {
            $wpdb->delete($wpdb->prefix . 'wc_order_addresses', ['order_id' => $data['id']]);
            $wpdb->insert($wpdb->prefix . 'wc_order_addresses', ['order_id' => $data['id'], 'address_type' => 'billing'] + array_intersect_key((array) $data['billing'], array_flip(\WC_Abstract_Order::ADDRESS)));
        }
    }

    /** @return list<\WC_Order> */
    public static function list(array $query): array
    {
        global $wpdb;
        $limit = (int) ($query['limit'] ?? 10);
        $offset = $limit * (max(1, (int) ($query['page'] ?? 1)) - 1);
        $limit = $limit < 0 ? 1000000 : $limit;
        $search = (string) ($query['s'] ?? '');
        if (OrderUtil::custom_orders_table_usage_is_enabled()) {
            $ids = $wpdb->get_col($wpdb->prepare("SELECT id FROM {$wpdb->prefix}wc_orders WHERE type = 'shop_order' AND (%s = '' OR billing_email LIKE %s) ORDER BY id DESC LIMIT %d, %d", $search, '%' . $wpdb->esc_like($search) . '%', $offset, $limit));
        } else {
            $ids = get_posts(['post_type' => 'shop_order', 'post_status' => 'any', 'fields' => 'ids', 'posts_per_page' => $limit, 'offset' => $offset, 'orderby' => 'ID'] + ($search === '' ? [] : ['meta_key' => '_billing_email', 'meta_compare' => 'LIKE', 'meta_value' => $search]));
        }
        return array_values(array_filter(array_map('wc_get_order', $ids)));
    }

    /** @return list<\WC_Order_Refund> */
    public static function refundsOf(int $orderId): array
    {
        global $wpdb;
        $ids = OrderUtil::custom_orders_table_usage_is_enabled()
            ? $wpdb->get_col($wpdb->prepare("SELECT id FROM {$wpdb->prefix}wc_orders WHERE parent_order_id = %d AND type = 'shop_order_refund'", $orderId))
            : get_posts(['post_type' => 'shop_order_refund', 'post_status' => 'any', 'post_parent' => $orderId, 'fields' => 'ids', 'posts_per_page' => -1]);
        return array_values(array_filter(array_map('wc_get_order', $ids)));
    }

    public static function idOfKey(string $key): int
    {
        foreach (self::list(['limit' => -1]) as $order) {
            if ($order->get_order_key() === $key) {
                return $order->get_id();
            }
        }
        return 0;
    }

    public static function delete(\WC_Order $order): void
    {
        global $wpdb;
        do_action('woocommerce_before_delete_order', $order->get_id(), $order);
        $wpdb->delete($wpdb->prefix . 'wc_orders', ['id' => $order->get_id()]);
        $wpdb->delete($wpdb->prefix . 'wc_orders_meta', ['order_id' => $order->get_id()]);
        wp_delete_post($order->get_id(), true);
        do_action('woocommerce_delete_order', $order->get_id());
    }
}
