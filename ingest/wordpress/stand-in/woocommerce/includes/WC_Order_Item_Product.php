<?php

declare(strict_types=1);

class WC_Order_Item_Product
{
    /** @var array<string, mixed> */
    private array $data;

    /** @param array<string, mixed> $data */
    public function __construct(array $data)
    {
        $this->data = $data + ['product_id' => 0, 'name' => '', 'quantity' => 1, 'subtotal' => '0', 'total' => '0'];
    }

    public function get_product_id(): int
    {
        return (int) $this->data['product_id'];
    }

    public function get_name(): string
    {
        return (string) $this->data['name'];
    }

    public function get_quantity(): int
    {
        return (int) $this->data['quantity'];
    }

    public function get_subtotal(): string
    {
        return (string) $this->data['subtotal'];
    }

    public function get_total(): string
    {
        return (string) $this->data['total'];
    }

    /** @return WC_Product_Simple|false */
    public function get_product()
    {
        return wc_get_product($this->get_product_id());
    }
}
