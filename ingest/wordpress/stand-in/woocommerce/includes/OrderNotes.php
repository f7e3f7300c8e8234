<?php

declare(strict_types=1);

namespace StandIn;

final class OrderNotes
{
    public static function add(\WC_Order $order, string $note, int $isCustomerNote, bool $byUser): int
    {
        $author = $byUser && current_user_can('edit_shop_orders') ? wp_get_current_user() : null;
        $data = apply_filters('woocommerce_new_order_note_data', [
            'comment_post_ID' => $order->get_id(), 'comment_author' => $author ? $author->display_name : 'WooCommerce', 'comment_author_email' => $author ? $author->user_email : 'woocommerce@127.0.0.1', 'comment_author_url' => '',
            'comment_content' => $note, 'comment_agent' => 'WooCommerce', 'comment_type' => 'order_note', 'comment_parent' => 0, 'comment_approved' => 1,
        ], ['order_id' => $order->get_id(), 'is_customer_note' => $isCustomerNote]);
        $id = (int) wp_insert_comment($data);
        if ($isCustomerNote) {
            update_comment_meta($id, 'is_customer_note', 1);
            do_action('woocommerce_new_customer_note', ['order_id' => $order->get_id(), 'customer_note' => $note]);
        }
        do_action('woocommerce_order_note_added', $id, $order);
        return $id;
    }
}
