<?php

declare(strict_types=1);

class WC_Coupon
{
    private int $id;

    /** @param int|string $given id or code */
    public function __construct($given)
    {
        $this->id = is_int($given) ? $given : (int) (get_posts(['post_type' => 'shop_coupon', 'title' => $given, 'fields' => 'ids'])[0] ?? 0);
    }

    public function get_id(): int
    {
        return $this->id;
    }

    public function get_code(): string
    {
        return (string) get_the_title($this->id);
    }

    public function get_discount_type(): string
    {
        return (string) get_post_meta($this->id, 'discount_type', true);
    }

    public function get_amount(): string
    {
        return (string) get_post_meta($this->id, 'coupon_amount', true);
    }

    public function get_usage_limit(): int
    {
        return (int) get_post_meta($this->id, 'usage_limit', true);
    }
}
