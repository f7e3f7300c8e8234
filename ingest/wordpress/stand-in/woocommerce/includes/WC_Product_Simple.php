<?php

declare(strict_types=1);

class WC_Product_Simple
{
    private int $id;

    public function __construct(int $id)
    {
        $this->id = $id;
    }

    public function get_id(): int
    {
        return $this->id;
    }

    public function get_name(): string
    {
        return (string) get_the_title($this->id);
    }

    public function get_price(): string
    {
        return (string) get_post_meta($this->id, '_price', true);
    }

    public function get_regular_price(): string
    {
        return $this->get_price();
    }
}
