<?php

declare(strict_types=1);

class WC_Order extends WC_Abstract_Order
{
    public function get_type(): string
    {
        return 'shop_order';
    }

    public function get_customer_id(): int
    {
        return (int) $this->data['customer_id'];
    }

    public function get_user_id(): int
    {
        return $this->get_customer_id();
    }

    public function get_order_number(): string
    {
        return (string) $this->get_id();
    }

    public function get_order_key(): string
    {
        return (string) $this->data['order_key'];
    }

    public function key_is_valid(string $key): bool
    {
        return hash_equals($this->get_order_key(), $key);
    }

    public function get_payment_method(): string
    {
        return (string) $this->data['payment_method'];
    }

    public function get_transaction_id(): string
    {
        return (string) $this->data['transaction_id'];
    }

    public function get_customer_note(): string
    {
        return (string) $this->data['customer_note'];
    }

    public function get_total_refunded(): string
    {
        return (string) array_sum(array_map(static fn(WC_Order_Refund $refund): float => (float) $refund->get_amount(), $this->get_refunds()));
    }

    public function get_remaining_refund_amount(): string
    {
        return (string) ((float) $this->get_total() - (float) $this->get_total_refunded());
    }

    /** @return list<WC_Order_Refund> */
    public function get_refunds(): array
    {
        return StandIn\OrderStore::refundsOf($this->get_id());
    }

    public function is_paid(): bool
    {
        return in_array($this->get_status(), ['processing', 'completed'], true);
    }

    /** @return array<string, string> */
    public function get_address(string $type = 'billing'): array
    {
        return (array) $this->data[$type];
    }

    public function get_billing_first_name(): string
    {
        return (string) ($this->data['billing']['first_name'] ?? '');
    }

    public function get_billing_last_name(): string
    {
        return (string) ($this->data['billing']['last_name'] ?? '');
    }

    public function get_billing_company(): string
    {
        return (string) ($this->data['billing']['company'] ?? '');
    }

    public function get_billing_address_1(): string
    {
        return (string) ($this->data['billing']['address_1'] ?? '');
    }

    public function get_billing_address_2(): string
    {
        return (string) ($this->data['billing']['address_2'] ?? '');
    }

    public function get_billing_city(): string
    {
        return (string) ($this->data['billing']['city'] ?? '');
    }

    public function get_billing_state(): string
    {
        return (string) ($this->data['billing']['state'] ?? '');
    }

    public function get_billing_postcode(): string
    {
        return (string) ($this->data['billing']['postcode'] ?? '');
    }

    public function get_billing_country(): string
    {
        return (string) ($this->data['billing']['country'] ?? '');
    }

    public function get_billing_email(): string
    {
        return (string) ($this->data['billing']['email'] ?? '');
    }

    public function get_billing_phone(): string
    {
        return (string) ($this->data['billing']['phone'] ?? '');
    }

    public function get_shipping_first_name(): string
    {
        return (string) ($this->data['shipping']['first_name'] ?? '');
    }

    public function get_shipping_last_name(): string
    {
        return (string) ($this->data['shipping']['last_name'] ?? '');
    }

    public function get_shipping_company(): string
    {
        return (string) ($this->data['shipping']['company'] ?? '');
    }

    public function get_shipping_address_1(): string
    {
        return (string) ($this->data['shipping']['address_1'] ?? '');
    }

    public function get_shipping_address_2(): string
    {
        return (string) ($this->data['shipping']['address_2'] ?? '');
    }

    public function get_shipping_city(): string
    {
        return (string) ($this->data['shipping']['city'] ?? '');
    }

    public function get_shipping_state(): string
    {
        return (string) ($this->data['shipping']['state'] ?? '');
    }

    public function get_shipping_postcode(): string
    {
        return (string) ($this->data['shipping']['postcode'] ?? '');
    }

    public function get_shipping_country(): string
    {
        return (string) ($this->data['shipping']['country'] ?? '');
    }

    public function get_shipping_phone(): string
    {
        return (string) ($this->data['shipping']['phone'] ?? '');
    }

    public function set_status(string $status): void
    {
        $this->data['status'] = (string) preg_replace('/^wc-/', '', $status);
    }

    public function update_status(string $status, string $note = ''): bool
    {
        $this->set_status($status);
        $this->save();
        $note === '' || $this->add_order_note($note);
        return true;
    }

    public function payment_complete(string $transaction = ''): bool
    {
        do_action('woocommerce_pre_payment_complete', $this->get_id(), $transaction);
        $this->data['transaction_id'] = $transaction;
        $this->set_status((string) apply_filters('woocommerce_payment_complete_order_status', 'processing', $this->get_id(), $this));
        $this->save();
        do_action('woocommerce_payment_complete', $this->get_id(), $transaction);
        return true;
    }

    public function add_order_note(string $note, int $isCustomerNote = 0, bool $byUser = false): int
    {
        return StandIn\OrderNotes::add($this, $note, $isCustomerNote, $byUser);
    }

    public function save(): int
    {
        $store = new WC_Data_Store('order');
        $isNew = $this->get_id() === 0;
        do_action('woocommerce_before_order_object_save', $this, $store);
        StandIn\OrderStore::save($this);
        do_action($isNew ? 'woocommerce_new_order' : 'woocommerce_update_order', $this->get_id(), $this);
        do_action('woocommerce_after_order_object_save', $this, $store);
        $this->tellStatus();
        return $this->get_id();
    }

    private function tellStatus(): void
    {
        [$from, $to] = [$this->statusBefore, $this->get_status()];
        $this->statusBefore = $to;
        if ($from === $to) {
            return;
        }
        do_action('woocommerce_order_status_' . $to, $this->get_id(), $this);
        do_action("woocommerce_order_status_{$from}_to_{$to}", $this->get_id(), $this);
        do_action('woocommerce_order_status_changed', $this->get_id(), $from, $to, $this);
        if (in_array($from, ['pending', 'failed'], true) && $this->is_paid()) {
            do_action('woocommerce_order_payment_status_changed', $this->get_id(), $this);
        }
    }
}
