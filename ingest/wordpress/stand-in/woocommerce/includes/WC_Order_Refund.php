<?php

declare(strict_types=1);

class WC_Order_Refund extends WC_Abstract_Order
{
    public function get_type(): string
    {
        return 'shop_order_refund';
    }

    public function get_amount(): string
    {
        return (string) abs((float) $this->data['total']);
    }

    public function get_reason(): string
    {
        return (string) $this->get_meta('_refund_reason');
    }

    public function get_refunded_by(): int
    {
        return (int) $this->get_meta('_refunded_by');
    }

    public function get_refunded_payment(): bool
    {
        return (bool) $this->get_meta('_refunded_payment');
    }

    public function save(): int
    {
        $store = new WC_Data_Store('order-refund');
        do_action('woocommerce_before_order_refund_object_save', $this, $store);
        StandIn\OrderStore::save($this);
        do_action('woocommerce_after_order_refund_object_save', $this, $store);
        return $this->get_id();
    }
}
