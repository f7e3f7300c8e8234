<?php

declare(strict_types=1);

/** Data of an order with the getters that others use; kept by `StandIn\OrderStore`. */
abstract class WC_Abstract_Order
{
    public const ADDRESS = ['first_name', 'last_name', 'company', 'address_1', 'address_2', 'city', 'state', 'postcode', 'country', 'email', 'phone'];

    /** @var array<string, mixed> */
    protected array $data;
    /** @var array<string, mixed> */
    protected array $read;
    protected string $statusBefore = '';

    /** @param array<string, mixed> $data */
    public function __construct(array $data = [])
    {
        $this->data = $data + [
            'id' => 0, 'parent_id' => 0, 'status' => 'pending', 'currency' => 'EUR', 'total' => '0', 'customer_id' => 0, 'order_key' => '', 'billing' => [], 'shipping' => [],
            'payment_method' => '', 'transaction_id' => '', 'customer_note' => '', 'items' => [], 'coupons' => [], 'created' => time(), 'meta' => [],
        ];
        $this->read = $this->data;
        $this->statusBefore = (string) $this->data['status'];
    }

    public function get_id(): int
    {
        return (int) $this->data['id'];
    }

    public function get_parent_id(): int
    {
        return (int) $this->data['parent_id'];
    }

    public function get_status(): string
    {
        return (string) $this->data['status'];
    }

    public function get_currency(): string
    {
        return (string) $this->data['currency'];
    }

    public function get_total(): string
    {
        return (string) $this->data['total'];
    }

    /** @return array<int, WC_Order_Item_Product> */
    public function get_items($types = 'line_item'): array
    {
        return array_map(static fn(array $item): WC_Order_Item_Product => new WC_Order_Item_Product($item), (array) $this->data['items']);
    }

    public function get_subtotal(): float
    {
        return (float) array_sum(array_map(static fn(WC_Order_Item_Product $item): float => (float) $item->get_subtotal(), $this->get_items()));
    }

    /** @return list<string> */
    public function get_coupon_codes(): array
    {
        return array_values((array) $this->data['coupons']);
    }

    public function get_date_created(): WC_DateTime
    {
        return new WC_DateTime('@' . (int) $this->data['created']);
    }

    /** @return mixed */
    public function get_meta(string $key = '', bool $single = true)
    {
        return $this->data['meta'][$key] ?? '';
    }

    public function update_meta_data(string $key, $value): void
    {
        $this->data['meta'][$key] = $value;
    }

    /** @return array<string, mixed> what was set since it was read */
    public function get_changes(): array
    {
        $changed = array_filter($this->data, fn($value, string $name): bool => $value !== ($this->read[$name] ?? null), ARRAY_FILTER_USE_BOTH);
        foreach (array_intersect(['billing', 'shipping'], array_keys($changed)) as $part) {
            $changed[$part] = array_diff_assoc((array) $changed[$part], (array) $this->read[$part]);
        }
        return $changed;
    }

    /** @return array<string, mixed> */
    public function get_data(): array
    {
        return $this->data;
    }

    public function set_id(int $id): void
    {
        $this->data['id'] = $id;
    }

    /** @param mixed $value */
    public function set_prop_of_stand_in(string $name, $value): void
    {
        $this->data[$name] = $value;
    }
}
