<?php

declare(strict_types=1);

class WC_Webhook
{
    /** @var array<string, mixed> */
    private array $data;

    /** @param array<string, mixed> $data */
    public function __construct(array $data)
    {
        $this->data = $data + ['id' => 0, 'name' => '', 'topic' => '', 'delivery_url' => '', 'status' => 'active', 'user_id' => 0];
    }

    public function get_id(): int
    {
        return (int) $this->data['id'];
    }

    public function get_name(): string
    {
        return (string) $this->data['name'];
    }

    public function get_topic(): string
    {
        return (string) $this->data['topic'];
    }

    public function get_delivery_url(): string
    {
        return (string) $this->data['delivery_url'];
    }

    public function get_status(): string
    {
        return (string) $this->data['status'];
    }

    public function get_user_id(): int
    {
        return (int) $this->data['user_id'];
    }

    public function save(): int
    {
        $isNew = $this->get_id() === 0;
        do_action('woocommerce_before_data_object_save', $this, new WC_Data_Store('webhook'));
        $all = (array) get_option('stand_in_webhooks', []);
        $this->data['id'] = $isNew ? count($all) + 1 : $this->get_id();
        $all[$this->get_id()] = $this->data;
        update_option('stand_in_webhooks', $all);
        do_action($isNew ? 'woocommerce_new_webhook' : 'woocommerce_webhook_updated', $this->get_id(), $this);
        do_action('woocommerce_after_data_object_save', $this, new WC_Data_Store('webhook'));
        return $this->get_id();
    }
}
