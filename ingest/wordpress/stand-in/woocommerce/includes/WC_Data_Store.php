<?php

declare(strict_types=1);

class WC_Data_Store
{
    private string $name;

    public function __construct(string $name)
    {
        $this->name = $name;
    }

    public function get_current_class_name(): string
    {
        return $this->name;
    }
}
