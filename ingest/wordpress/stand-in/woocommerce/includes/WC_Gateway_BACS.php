<?php

declare(strict_types=1);

class WC_Gateway_BACS
{
    public string $id = 'bacs';
}
