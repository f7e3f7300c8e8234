<?php

declare(strict_types=1);

namespace StandIn;

final class Refunds
{
    /** @return \WC_Order_Refund|\WP_Error */
    public static function create(array $args)
    {
        $args += ['amount' => 0, 'reason' => null, 'order_id' => 0, 'refund_id' => 0, 'line_items' => [], 'refund_payment' => false, 'restock_items' => false];
        $order = wc_get_order((int) $args['order_id']);
        if (!$order instanceof \WC_Order || (float) $args['amount'] > (float) $order->get_remaining_refund_amount()) {
            return new \WP_Error('error', 'Invalid refund amount.');
        }
        $refund = new \WC_Order_Refund([
            'parent_id' => $order->get_id(), 'status' => 'completed', 'total' => (string) -(float) $args['amount'],
            'meta' => ['_refund_reason' => (string) $args['reason'], '_refunded_by' => get_current_user_id(), '_refunded_payment' => (bool) $args['refund_payment']],
        ]);
        $refund->save();
        do_action('woocommerce_create_refund', $refund, $args);
        $isFull = (float) $order->get_remaining_refund_amount() <= 0;
        do_action($isFull ? 'woocommerce_order_fully_refunded' : 'woocommerce_order_partially_refunded', $order->get_id(), $refund->get_id());
        if ($isFull) {
            $order->update_status('refunded');
        }
        do_action('woocommerce_refund_created', $refund->get_id(), $args);
        do_action('woocommerce_order_refunded', $order->get_id(), $refund->get_id());
        return $refund;
    }
}
